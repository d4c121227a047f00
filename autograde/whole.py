"""Files that are whole or not there, however a run ends: the students' own function."""

from helpers.whole import write_whole

__all__ = ["write_whole"]
