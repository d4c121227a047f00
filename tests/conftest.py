"""The course under test, read once."""

from pathlib import Path

import pytest

from autograde.build import Built, read_course
from autograde.course import Course

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def course() -> Course:
    return Course(ROOT)


@pytest.fixture(scope="session")
def built(course) -> list[Built]:
    return read_course(course)
