"""Marks for learning management systems, in the formats that Moodle and Canvas import (docs/outputs.md).

Both have one column for each notebook. A cell is empty while anything in it is open: these files never make a zero of
what is not graded yet.
"""

from collections.abc import Iterable
from typing import Any

from autograde.findings import plain, printable
from autograde.marks import Graded, Marks
from autograde.roster import Roster

#: Whom Moodle means, by any of these; the import asks which.
_MOODLE = ("email", "idnumber", "username")
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def moodle_rows(graded: Graded, roster: Roster | None) -> list[list[str]]:
    """Header and one row for each student: who, the points in each notebook, and in all of them."""
    details = roster.details if roster else {}
    known = [name for name in _MOODLE if any(row.get(name) for row in details.values())]
    rows = [["student", *known, *graded.notebooks, "total"]]
    for row in graded.marks:
        own = details.get(row.student, {})
        total = f"{row.total:g}" if row.complete else ""
        rows.append([*_inert([row.student, *(own.get(name, "") for name in known)]), *_points(graded, row), total])
    return rows


def canvas_rows(graded: Graded, roster: Roster | None) -> list[list[str]]:
    """Header, the row of what can be reached, and one row for each student. There is no total: Canvas adds up itself."""
    details = roster.details if roster else {}
    maxima = [
        f"{sum(exercise.max_points for exercise in graded.exercises if exercise.notebook == notebook):g}"
        for notebook in graded.notebooks
    ]
    rows = [[*_CANVAS, *graded.notebooks], ["    Points Possible", *[""] * (len(_CANVAS) - 1), *maxima]]
    for row in graded.marks:
        own = details.get(row.student, {})
        name = (roster.names.get(row.student) if roster else "") or row.student
        ids = [own.get(column.casefold(), "") for column in _CANVAS[1:]]
        if not any(ids[:3]):  # what a download from Canvas calls students ends in Canvas's own number
            number = row.student.rpartition("_")[2]
            ids[0], ids[2] = (number, "") if number.isdecimal() and number != row.student else ("", row.student)
        rows.append([*_inert([name, *ids]), *_points(graded, row)])
    return rows


def _inert(cells: Iterable[str]) -> list[str]:
    return [plain(printable(cell)) for cell in cells]


def _points(graded: Graded, row: Marks) -> list[str]:
    cells: list[Any] = []
    for notebook in graded.notebooks:
        points = [result.points for result in graded.part(row, notebook)]
        cells.append("" if None in points else f"{sum(points) - row.penalties.get(notebook, 0.0):g}")
    return cells
