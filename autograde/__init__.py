"""What instructors run: the build, the checks on it, and grading, behind the `course` command."""
