"""The course's own tests at work on the course's own answers, right and planted ones, in forked processes.

There are no rooms here: it runs nobody else's code.
"""

import ast
import io
import linecache
import multiprocessing
import os
import signal
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
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
from autograde.course import CourseError
from autograde.drafts import draft
from autograde.forking import end_with
from autograde.plan import python_of
from autograde.planted import answer, answers_of
from helpers.exercise import SEED_VARIABLE

#: Seconds of computing that a test may take on one answer and one draw, and ten times as many in all: some never end.
_PATIENCE = 20


class Fork:
    """A function at work in a process of its own, forked from this one."""

    def __init__(self, work: Callable[[], Any]) -> None:
        fork = multiprocessing.get_context("fork")
        self._receiving, sending = fork.Pipe(duplex=False)
        self._process = fork.Process(target=_send, args=(sending, work, os.getpid()))
        self._process.start()
        sending.close()

    def result(self) -> Any:
        """What it returns. Raises the CourseError that it raised, and EOFError when the process died."""
        try:
            found = self._receiving.recv()
        finally:
            self._process.kill()
            self._process.join()
            self._receiving.close()
        if isinstance(found, CourseError):
            raise found
        return found


def _send(sending: Connection, work: Callable[[], Any], parent: int) -> None:
    end_with(parent)
    try:
        sending.send(work())
    except CourseError as error:
        sending.send(error)


@dataclass(frozen=True)
class Stage:
    """A notebook in whose namespace everything right is defined; tests and answers by exercise, as texts."""

    tests: Mapping[str, str]
    answers: Mapping[str, str]
    _space: dict[str, Any]

    def fails(self, name: str, cells: Mapping[str, str], seeds: Iterable[int] | None = None) -> BaseException | None:
        """What the test of an exercise raises with other answers (id → text), those of other notebooks left out.

        seeds: of the fresh inputs that the hidden test draws, one after another; without them the visible test runs.
        """
        test = self.tests[name]
        own = [(source, cell) for cell, source in cells.items() if cell in self.answers]
        for _, cell in own:  # what stands in its place need not define what it did
            _forget(self.answers[cell], self._space)
        error = _error_in(own, self._space)
        if seeds is None:
            return error or _error_in([(without_hidden_regions(test), name + TEST_SUFFIX)], self._space)
        for seed in seeds:
            _be_patient()
            os.environ[SEED_VARIABLE] = str(seed)
            error = error or _error_in([(test, name + TEST_SUFFIX)], self._space)
        return error


def apart(work: Callable[[], Any], otherwise: Any) -> Any:
    """What work returns in a forked process, or `otherwise` when it does not end, or ends its process."""

    def limited() -> Any:
        _be_patient()
        return work()

    try:
        return Fork(limited).result()
    except EOFError:
        return otherwise


def _be_patient() -> None:
    """End this process when it goes on for too long from here."""
    signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
    signal.alarm(10 * _PATIENCE)


@contextmanager
def each_stage(
    built: list[Built], work: Callable[[Stage], Any], only: Collection[str] | None = None
) -> Iterator[list[Fork]]:
    """Work on the stage of each notebook, side by side, in a folder in which all right notebooks lie.

    only: the notebooks to work on, by name, if not all.
    """
    with draft() as folder, chdir(folder):
        notebooks = [answer(item, answers_of(item.full)) for item in built]
        for item, notebook in zip(built, notebooks, strict=True):
            Path(item.filename).write_text(as_text(notebook), encoding="utf-8")  # later ones carry from it
        pairs = [pair for pair in zip(built, notebooks, strict=True) if only is None or pair[0].name in only]
        import torch  # noqa: F401  # once for all forks; not with this module, which grading imports and only seldom needs

        yield [Fork(partial(_on_stage, item, notebook, work)) for item, notebook in pairs]


def _on_stage(item: Built, notebook: NotebookNode, work: Callable[[Stage], Any]) -> Any:
    import torch

    torch.set_num_threads(1)  # a fork does not survive the threads of another process
    os.environ[SEED_VARIABLE] = "0"
    space: dict[str, Any] = {"__name__": "__main__"}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    answers = {grade_id(cell): cell.source for cell in code if is_solution(cell) and SKIP_TAG not in _tags(cell)}
    tests = {exercise_id(cell): cell.source for cell in item.full.cells if is_test(cell)}
    tests = {name: test for name, test in tests.items() if name in answers}
    for cell in code:
        if is_test(cell):  # later ones use what they define
            error = _error_in([(tests.get(exercise_id(cell), ""), cell.id)], space)
            if error is not None:
                raise CourseError(
                    f"source/{item.source.name}: the course's own answer fails {cell.id}: {error}. Mend it."
                )
        elif not {SKIP_TAG, SHOW_TAG} & set(_tags(cell)):
            _run(cell.source, cell.id, space)
    return work(Stage(tests, answers, space))


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _error_in(cells: Iterable[tuple[str, str]], space: dict[str, Any]) -> BaseException | None:
    """What the first of these cells that fails raises."""
    try:
        for source, name in cells:
            _run(source, name, space)
    except BaseException as error:
        return error
    return None


def _forget(source: str, space: dict[str, Any]) -> None:
    """Take away the functions and classes that a cell defines."""
    for statement in ast.parse(python_of(source)).body:
        space.pop(getattr(statement, "name", ""), None)


def _run(source: str, name: str, space: dict[str, Any]) -> None:
    """Run a cell so that the text of its functions is found, as in a notebook, and nothing that it prints is seen."""
    text = python_of(source)
    linecache.cache[f"<{name}>"] = (len(text), None, text.splitlines(keepends=True), f"<{name}>")
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, f"<{name}>", "exec"), space)
