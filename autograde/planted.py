"""Submissions with a known mistake: the reference solution with a few cells replaced by a patch.

A patch is a Python file. Its docstring says what is done differently; the line `loses: q1a-softmax` in it names the
exercises whose marks it must lose (`loses: nothing` for a correct one), and a paragraph `says: ...` what the student is told
besides where and by how much: a nudge, never the answer. Below, each `# %% exercise-id` starts the text of that exercise's
solution cell.

A family is a file of many small ones, with a docstring as a patch has. In it each `# %% exercise-id · name` starts one, with
comment lines: what is done differently, `says: ...`, and `loses: ...` where it is not what the docstring says.
"""

import ast
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.build import Built, as_text
from autograde.cells import grade_id, is_solution, is_test, without_solution_markers
from autograde.course import Course, CourseError

_CELL = re.compile(r"^# %% ([a-z0-9-]+)\n", re.MULTILINE)
_MEMBER = re.compile(r"^# %% ([a-z0-9-]+) · ([a-z0-9-]+)\n((?:#.*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Patch:
    """A planted submission. name: what it is about; loses: the exercises whose marks it must lose; cells: id → source.

    does: what is done differently; says: what the student is told.
    """

    name: str
    loses: frozenset[str]
    cells: dict[str, str]
    does: str = ""
    says: str = ""


def read_patch(path: Path) -> Patch:
    """The patch in a file. Raises CourseError when it has no `loses:` line or no cell."""
    text = path.read_text(encoding="utf-8")
    told = ast.get_docstring(ast.parse(text)) or ""
    _, *parts = _CELL.split(text)
    loses = _loses(told)
    if loses is None or not parts:
        raise CourseError(
            f"{path} is no patch: it needs a docstring with a line 'loses: ...', and '# %% exercise-id' cells."
        )
    says = re.search(r"^says: (.+?)(?:\n\n|\Z)", told, re.MULTILINE | re.DOTALL)
    return Patch(
        name=path.stem,
        loses=loses,
        cells={key: source.strip("\n") for key, source in zip(parts[::2], parts[1::2], strict=True)},
        does=" ".join(told.partition("\n\n")[0].split()),
        says=" ".join(says[1].split()) if says else "",
    )


def read_family(path: Path) -> list[Patch]:
    """The patches in a file of many, each named `file/name`.

    Raises CourseError when one has no `loses:` line and the file neither, when two share a name, or when there is none.
    """
    text = path.read_text(encoding="utf-8")
    default = _loses(ast.get_docstring(ast.parse(text)) or "")
    _, *parts = _MEMBER.split(text)
    found = {}
    for key, name, comments, source in zip(*(parts[start::4] for start in range(4)), strict=True):
        told = re.sub(r"^# ?", "", comments, flags=re.MULTILINE)
        loses = _loses(told) if "\nloses:" in "\n" + told else default
        if loses is None or name in found:
            raise CourseError(
                f"{path}: {name!r} must be a name of its own, with a line 'loses: ...' here or in the docstring."
            )
        does, _, says = re.sub(r"^loses:.*\n", "", told, flags=re.MULTILINE).partition("says:")
        cells = {key: source.strip("\n")}
        found[name] = Patch(f"{path.stem}/{name}", loses, cells, " ".join(does.split()), " ".join(says.split()))
    if not found:
        raise CourseError(f"{path} is no family: it needs '# %% exercise-id · name' cells.")
    return list(found.values())


def read_patches(folder: Path) -> list[Patch]:
    """All patches in a folder, by name."""
    return [read_patch(path) for path in sorted(folder.glob("*.py"))]


def read_families(folder: Path) -> list[Patch]:
    """All patches of all families in a folder, by file, as they stand there."""
    return [patch for path in sorted(folder.glob("*.py")) for patch in read_family(path)]


def all_patches(course: Course) -> list[Patch]:
    """The planted submissions of a course, and its classic mistakes."""
    return read_patches(course.planted) + read_families(course.mistakes)


def digest(built: Iterable[Built], patches: Iterable[Patch], *more: object) -> str:
    """A name for the code of notebooks, tests with it, and for what is planted; not for their text."""
    code = [cell.source for item in built for cell in item.full.cells if cell.cell_type == "code"]
    planted = [(patch.name, sorted(patch.loses), patch.cells, patch.says) for patch in patches]
    return hashlib.sha256(repr((code, planted, more)).encode()).hexdigest()


def _loses(told: str) -> frozenset[str] | None:
    """The exercises that a line `loses: ...` names; None without one."""
    declared = re.search(r"^loses: (.+)$", told, re.MULTILINE)
    if declared is None:
        return None
    return frozenset() if declared[1] == "nothing" else frozenset(re.split(r",\s*", declared[1]))


def answer(item: Built, answers: dict[str, str]) -> NotebookNode:
    """What a student hands in: the released notebook with these answers in its solution cells (id → source)."""
    notebook = nbformat.from_dict(item.release)
    for cell in notebook.cells:
        cell.source = answers.get(grade_id(cell), cell.source) if is_solution(cell) else cell.source
    return notebook


def restore_tests(item: Built, notebook: NotebookNode) -> NotebookNode:
    """What grading runs: a handed-in notebook with its tests, hidden ones too, put back."""
    tests = {cell.id: cell.source for cell in item.full.cells if is_test(cell)}
    restored = nbformat.from_dict(notebook)
    for cell in restored.cells:
        cell.source = tests.get(cell.id, cell.source)
    return restored


def answers_of(notebook: NotebookNode) -> dict[str, str]:
    """What stands in a notebook's solution cells (id → source), without solution markers."""
    return {grade_id(cell): without_solution_markers(cell.source) for cell in notebook.cells if is_solution(cell)}


def patched(item: Built, patch: Patch) -> dict[str, str]:
    """The answers of a student who has everything right in this notebook but for the patch; empty if it patches nothing here."""
    right = answers_of(item.full)
    here = {key: source for key, source in patch.cells.items() if key in right}
    return right | here if here else {}


def submit(built: list[Built], patch: Patch, folder: Path) -> None:
    """Write a patch's submission: the notebooks that it touches, and those before them, which have everything right.

    Raises CourseError when it patches an unknown cell.
    """
    unknown = set(patch.cells) - {key for item in built for key in answers_of(item.full)}
    if unknown:
        raise CourseError(f"patch {patch.name} names no solution cell of the course: {', '.join(sorted(unknown))}")
    folder.mkdir(parents=True, exist_ok=True)
    last = max(number for number, item in enumerate(built) if patched(item, patch))
    for item in built[: last + 1]:
        answers = patched(item, patch) or answers_of(item.full)
        (folder / item.filename).write_text(as_text(answer(item, answers)), encoding="utf-8")
