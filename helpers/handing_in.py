"""Hand in from a terminal: `python -m helpers.handing_in [FOLDER]` does what a notebook's last cell does."""

import argparse
import sys
from pathlib import Path

from helpers.course_notebook import notebooks_in
from helpers.submission import CannotHandIn, pack
from helpers.submission_table import Packed


def main(arguments: list[str] | None = None) -> int:
    """Pack, and print the table. Returns 0 when submission.zip is written, whatever the checks say, 1 when it is not."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.handing_in",
        description="Pack submission.zip: the notebooks as saved, the weights, and a receipt of what their checks say.",
    )
    parser.add_argument("folder", nargs="?", type=Path, help="where the notebooks are; here, or in notebooks/")
    folder = parser.parse_args(arguments).folder
    if folder is not None and not folder.is_dir():
        parser.error(f"{folder} is not a folder")
    try:
        packed = pack_from_shell(folder)
    except CannotHandIn as error:
        print(f"hand in: {error}", file=sys.stderr)
        return 1
    print(packed)
    return 0


def pack_from_shell(folder: Path | None) -> Packed:
    """Pack a folder: this one if none is named, or its notebooks/ when it has none of the course itself. Raises CannotHandIn."""
    if folder is None:
        folder = Path()
        if not notebooks_in(folder)[0] and Path("notebooks").is_dir():
            folder = Path("notebooks")
    return pack(folder)


if __name__ == "__main__":
    sys.exit(main())
