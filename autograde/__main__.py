"""What is behind the command `course`: it says what to install where only the students' packages are."""

import sys

from autograde.course import KIT


def main() -> None:
    """Run the command, or end with one line on standard error."""
    try:
        from autograde.cli import main as course
    except ModuleNotFoundError as error:
        if (error.name or "autograde").startswith(("autograde", "helpers")):
            raise
        sys.exit(f"course: {error.name} is not installed. For the command install: pip install '{KIT}[instructor]'")
    course(prog_name="course")


if __name__ == "__main__":
    main()
