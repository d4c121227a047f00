"""A course of one notebook with two exercises, for tests of what happens around grading."""

from pathlib import Path

from autograde.build import Built, as_text, read_course
from autograde.course import Course
from autograde.planted import answer
from tests.test_authoring import GOOD

RIGHT = 'def double(x):\n    """Twice x."""\n    return 2 * x\n'
#: Right for what the hidden test asks, 3, and for 2, but not for 5.
NEARLY = 'def double(x):\n    """Twice x."""\n    return 2 * x if x < 4 else 0.0\n'
WRONG = 'def double(x):\n    """Twice x."""\n    return x\n'
RAISES = 'def double(x):\n    """Twice x."""\n    raise RuntimeError("<script>alert(1)</script>")\n'
#: What an instructor may change in the hidden test.
BEFORE, AFTER = 'check_close(double(3.0), 6.0, "double(3)")', 'check_close(double(5.0), 10.0, "double(5)")'


def write_course(root: Path, text: str = GOOD) -> list[Built]:
    """Write the course's source, and read it."""
    (root / "source").mkdir(parents=True, exist_ok=True)
    (root / "source" / "01_small.py").write_text(text)
    return read_course(Course(root))


def hand_in(folder: Path, student: str, built: list[Built], source: str, written: str = "") -> None:
    """Hand in an answer to the one exercise, and perhaps to the written one."""
    (folder / student).mkdir(parents=True, exist_ok=True)
    answers = {"q1-double": source} | ({"q1-why": written} if written else {})
    (folder / student / "01_small.ipynb").write_text(as_text(answer(built[0], answers)))
