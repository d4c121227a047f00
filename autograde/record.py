"""results.json: everything that a run of grading brought, for programs, and for grading again (docs/outputs.md)."""

import json
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograde.book import Exercise
from autograde.course import KIT, CourseError
from autograde.due import read_due
from autograde.examine import Result
from autograde.findings import Finding
from autograde.marks import Graded, Marks

FILE = "results.json"
#: Raised when a field changes its meaning or goes; new fields may come without.
SCHEMA = 1


def as_json(graded: Graded) -> str:
    """The run as the text of results.json."""
    told = {
        "schema": SCHEMA,
        "kit": version(KIT),
        "course": graded.digest,
        "graded": _iso(graded.when),
        "seconds": round(graded.seconds, 1),
        "due": graded.due.as_json(),
        "exercises": [asdict(exercise) for exercise in graded.exercises],
        "students": [_student(graded, row) for row in graded.marks],
        "findings": [asdict(finding) for finding in graded.findings],
    }
    return json.dumps(told, indent=1, ensure_ascii=True) + "\n"


def _student(graded: Graded, row: Marks) -> dict[str, Any]:
    return {
        "student": row.student,
        "total": row.total if row.graded else None,
        "max": row.maximum,
        "complete": row.complete,
        "late": dict(row.penalties),
        "notebooks": list(row.notebooks),
        "attempts": [_iso(when) for when in row.attempts],
        "times": {name: _iso(when) for name, when in row.times.items()},
        "seconds": row.seconds,
        "results": [
            {
                "exercise": result.exercise,
                "notebook": exercise.notebook,
                "points": result.points,
                "max": result.max_points,
                "reason": result.reason,
                "message": result.message,
                "by_hand": result.exercise in row.by_hand,
                "tampered": result.exercise in row.tampered,
            }
            for result, exercise in zip(row.results, graded.exercises, strict=True)
        ],
    }


def read_record(out: Path) -> Graded:
    """The run whose marks lie in a folder. Raises CourseError when there is none, or it cannot be read."""
    path = out / FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA:
            raise CourseError(f"{path} is of another version of the kit ({told['schema']}). Run: course grade")
        return Graded(
            tuple(Exercise(**exercise) for exercise in told["exercises"]),
            tuple(_marks(student) for student in told["students"]),
            tuple(Finding(**finding) for finding in told["findings"]),
            out / "grades.csv",
            out / "feedback",
            told["course"],
            _moment(told["graded"]),
            told["seconds"],
            read_due(told.get("due")),
        )
    except FileNotFoundError:
        raise CourseError(
            f"{path} is not there: it holds the marks to compare with. Name their folder with --out, or run: course grade"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CourseError(f"{path} is damaged ({error}). Remove it, and run: course grade") from None


def _marks(told: dict[str, Any]) -> Marks:
    results = told["results"]
    return Marks(
        told["student"],
        tuple(Result(r["exercise"], r["points"], r["max"], r["reason"], r["message"]) for r in results),
        told["late"],
        tuple(told["notebooks"]),
        frozenset(r["exercise"] for r in results if r["by_hand"]),
        frozenset(r["exercise"] for r in results if r["tampered"]),
        told["seconds"],
        tuple(_moment(when) for when in told.get("attempts", [])),
        {name: _moment(when) for name, when in told.get("times", {}).items()},
    )


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
