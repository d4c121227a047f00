"""What the last audit of each notebook found, kept beside the sources: a release asks for it."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from autograde.audit import Audited, no_mistakes
from autograde.build import Built
from autograde.cells import grade_id
from autograde.course import Course, CourseError
from autograde.planted import Patch, digest
from helpers.whole import write_whole


def keep(
    course: Course, built: Iterable[Built], patches: Sequence[Patch], audited: Iterable[Audited], seeds: int
) -> None:
    """Note that these notebooks were audited, and what was found; other notebooks' notes stay."""
    notes, by_name = _read(course), {one.exercise: one for one in audited}
    for item in built:
        own = [by_name[name] for name in map(grade_id, item.full.cells) if name in by_name]
        notes[item.name] = {
            "made from": _digest(course, item, patches),
            "seeds": seeds,
            "problems": sum(len(one.problems) for one in own),
            "exercises": {one.exercise: one.counts for one in own},
        }
    there = {path.stem for path in course.sources}
    lines = [f" {json.dumps(name)}: {_as_lines(notes[name])}" for name in sorted(notes.keys() & there)]
    write_whole(_path(course), "{\n" + ",\n".join(lines) + "\n}\n")


def _as_lines(note: dict[str, Any]) -> str:
    rows = [f"   {json.dumps(name)}: {json.dumps(counts)}" for name, counts in note["exercises"].items()]
    head = json.dumps({key: value for key, value in note.items() if key != "exercises"})[:-1]
    return f'{head}, "exercises": {{\n' + ",\n".join(rows) + "\n }}"


def refuse_unaudited(course: Course, built: Iterable[Built], patches: Sequence[Patch]) -> None:
    """Raise CourseError unless the tests of each of these notebooks were audited as they are, and nothing was found."""
    notes = _read(course)
    for item in built:
        note = notes.get(item.name)
        if note is None or note["made from"] != _digest(course, item, patches):
            raise CourseError(
                f"source/{item.source.name}: its tests were not tried as they are now. Run: course audit {item.name}"
            )
        if note["problems"]:
            raise CourseError(
                f"source/{item.source.name}: a mistake keeps its marks, or something right loses some. "
                f"See which: course audit {item.name}"
            )


def _path(course: Course) -> Path:
    return course.root / "source" / "audit.json"


def _read(course: Course) -> dict[str, Any]:
    path = _path(course)
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError:
        return {}  # half merged, say: all are audited anew


def _digest(course: Course, item: Built, patches: Sequence[Patch]) -> str:
    """A name for what an audit of a notebook depends on: its code, the mistakes in it, and what is called no mistake."""
    names = {grade_id(cell) for cell in item.full.cells}
    excused = {name: same for name, same in no_mistakes(course).items() if name in names}
    return digest([item], [patch for patch in patches if names & patch.cells.keys()], excused)
