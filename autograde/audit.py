"""Are the course's own tests any good? Which slips in the reference keep their marks, which mistakes are named, who loses unjustly.

It runs the course's own code and nobody else's: in plain processes, without rooms. source/audit.toml holds, by exercise, the slips
that are no mistakes, each with the reason.
"""

import io
import linecache
import multiprocessing
import os
import signal
import tempfile
import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograde.build import Built, as_text
from autograde.cells import (
    SHOW_TAG,
    SKIP_TAG,
    TEST_SUFFIX,
    exercise_id,
    grade_id,
    is_solution,
    is_test,
    without_hidden_regions,
)
from autograde.course import Course, CourseError
from autograde.mutation import Mutant, mutants
from autograde.plan import python_of
from autograde.planted import Patch, answer, answers_of, read_patches
from helpers.exercise import SEED_VARIABLE
from helpers.verdicts import CheckFailed

#: Seconds that the tests may take on one slip: some never end.
_PATIENCE = 20
#: Fresh draws that hidden tests get.
_SEEDS = 3


@dataclass(frozen=True)
class Tried:
    """What became of other code in the place of the reference.

    visible, all: whether the visible checks alone, and with the hidden ones, notice it; named: whether the message says which
    mistake it may be.
    """

    visible: bool
    all: bool
    named: bool
    said: str


@dataclass(frozen=True)
class Audited:
    """An exercise, and what became of slips in its reference, of planted mistakes that it must notice, and of right variants.

    slips: with what became of them; same: the changes that source/audit.toml calls no mistakes; planted, right: by name.
    """

    exercise: str
    slips: tuple[tuple[Mutant, Tried], ...]
    same: Mapping[str, str]
    planted: Mapping[str, Tried]
    right: Mapping[str, Tried]

    @property
    def kept(self) -> list[Mutant]:
        """The slips that keep the marks, and are mistakes."""
        return [mutant for mutant, tried in self.slips if not tried.all and mutant.change not in self.same]

    @property
    def stale(self) -> list[str]:
        """What is called no mistake, and loses its marks or is no slip any more."""
        return sorted(self.same.keys() - {mutant.change for mutant, tried in self.slips if not tried.all})

    @property
    def problems(self) -> list[str]:
        """What must not be, one line each."""
        return [
            *(f"{self.exercise}, line {mutant.line}: {mutant.change} keeps its marks" for mutant in self.kept),
            *(f"{self.exercise}: source/audit.toml names {change!r}, which is not kept" for change in self.stale),
            *(f"{self.exercise}: {name} keeps its marks" for name, tried in self.planted.items() if not tried.all),
            *(
                f"{self.exercise}: {name} is right, and loses: {tried.said}"
                for name, tried in self.right.items()
                if tried.all
            ),
        ]


def audit(course: Course, built: list[Built], seeds: int = _SEEDS) -> Iterator[Audited]:
    """Each exercise that has a test and a reference in code, as it comes. seeds: how many fresh draws hidden tests get."""
    same = _read_same(course.root / "source" / "audit.toml")
    patches = read_patches(course.root / "tests" / "submissions")
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        notebooks = {item.filename: answer(item, answers_of(item.full)) for item in built}
        for name, notebook in notebooks.items():
            Path(name).write_text(as_text(notebook), encoding="utf-8")  # later ones carry from it
        forks = [Fork(partial(_audit, item, notebooks[item.filename], same, patches, range(seeds))) for item in built]
        for fork in forks:
            yield from fork.result()


def _read_same(path: Path) -> dict[str, dict[str, str]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"source/audit.toml: {error}. Mend it.") from None


class Fork:
    """A function at work in a process of its own, forked from this one."""

    def __init__(self, work: Callable[[], Any]) -> None:
        fork = multiprocessing.get_context("fork")
        self._receiving, sending = fork.Pipe(duplex=False)
        self._process = fork.Process(target=lambda: sending.send(work()))
        self._process.start()
        sending.close()

    def result(self) -> Any:
        """What it returns. Raises EOFError when the process dies."""
        try:
            return self._receiving.recv()
        finally:
            self._process.kill()
            self._process.join()
            self._receiving.close()


def _audit(
    item: Built, notebook: NotebookNode, same: Mapping[str, Mapping[str, str]], patches: list[Patch], seeds: range
) -> list[Audited]:
    """All exercises of one notebook, in a namespace in which everything right is defined."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook.cells:
        if (
            cell.cell_type == "code"
            and not is_test(cell)
            and not {SKIP_TAG, SHOW_TAG} & set(cell.metadata.get("tags", []))
        ):
            _run(cell.source, cell.id, space)
    tests = {exercise_id(cell): cell.source for cell in item.full.cells if is_test(cell)}
    answers = {grade_id(cell): cell for cell in notebook.cells if is_solution(cell) and cell.cell_type == "code"}
    found = []
    for name, test in tests.items():
        if name not in answers or SKIP_TAG in answers[name].metadata.get("tags", []):
            continue
        judge = partial(_try, name=name, test=test, space=space, seeds=seeds)
        slips = tuple((mutant, judge({name: mutant.source})) for mutant in mutants(python_of(answers[name].source)))
        # Where a mistake shows in two exercises, each of them must notice it.
        planted = {patch.name: judge(_own(patch, answers)) for patch in patches if name in patch.loses}
        right = {
            patch.name: judge(_own(patch, answers)) for patch in patches if name in patch.cells and not patch.loses
        }
        found.append(Audited(name, slips, same.get(name, {}), planted, right))
    return found


def _own(patch: Patch, answers: Mapping[str, NotebookNode]) -> dict[str, str]:
    return {name: source for name, source in patch.cells.items() if name in answers}


def _try(cells: Mapping[str, str], *, name: str, test: str, space: dict[str, Any], seeds: range) -> Tried:
    """cells: what stands in the place of the reference, by exercise."""

    def judge() -> Tried:
        signal.alarm(_PATIENCE)
        error = _failure([*((source, cell) for cell, source in cells.items())], space)
        error = error or _failure([(without_hidden_regions(test), name + TEST_SUFFIX)], space)
        visible = error is not None
        for seed in seeds:
            os.environ[SEED_VARIABLE] = str(seed)
            error = error or _failure([(test, name + TEST_SUFFIX)], space)
        return Tried(visible, error is not None, _is_named(error), str(error or ""))

    try:
        return Fork(judge).result()
    except EOFError:
        return Tried(visible=True, all=True, named=False, said="it does not end, or ends its process")


def _failure(cells: Iterable[tuple[str, str]], space: dict[str, Any]) -> BaseException | None:
    """What the first of these cells that fails raises."""
    try:
        for source, name in cells:
            _run(source, name, space)
    except BaseException as error:
        return error
    return None


def _is_named(error: BaseException | None) -> bool:
    """Whether a check says more than where, what there is and what was expected."""
    if not isinstance(error, CheckFailed):
        return False
    return len(error.details) > (0 if "not shown" in error.where else 2)


def _run(source: str, name: str, space: dict[str, Any]) -> None:
    """Run a cell so that the text of its functions is found, as in a notebook, and nothing that it prints is seen."""
    text = python_of(source)
    linecache.cache[f"<{name}>"] = (len(text), None, text.splitlines(keepends=True), f"<{name}>")
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, f"<{name}>", "exec"), space)
