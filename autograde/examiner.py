"""One examination: student code runs in a candidate's process, the tests here, and here the verdicts are made.

The process this runs in is forked for one notebook. It holds the tests, and never executes what a student wrote.
"""

import functools
import io
import signal
import time
import traceback
import types
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from nbformat import NotebookNode

from autograde.cells import LENDING, SHOW_TAG, SKIP_TAG, error_output, grade_id, hidden_lines, is_test
from autograde.definitions import definitions
from autograde.plan import Plan, idle, python_of
from autograde.proxies import StudentError
from autograde.rooms import RoomFailed
from autograde.session import Room, Session
from autograde.shown import LARGEST, checked
from autograde.truth import CANDIDATE
from autograde.verdict import KILLED_ERROR, TIMEOUT_ERROR, Died, OutOfTime, Verdict
from helpers.verdicts import Raised

_KILLED = "killed"
#: What a candidate's end means, for the student who reads it.
_DEATHS = {
    "exited": "the process that ran this notebook ended itself, as exit() or a crash does",
    _KILLED: "the process that ran this notebook was killed",
    "out of memory": "your code used more memory than there is",
    "too many processes": "your code started too many processes or threads",
    "out of time": "your code used more computing time than there is",
}
#: So often a new process takes the place of one that died, before the rest of the notebook counts as dead.
_MOST_LIVES = 9
#: In times of a cell: by so much, in all, deadlines are extended on a machine that is busy. Much less than `job.PATIENCE`.
_ALLOWANCE = 4
#: Characters; what is compared comes from students, and may be as long as they like.
_LONGEST_VERDICT = 4_000


@dataclass
class Examined:
    """What an examination brought: verdicts by grade_id, and by the number of each cell that ran, its outputs."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    outputs: dict[int, list[NotebookNode]] = field(default_factory=dict)


class Examination:
    """Runs one submitted notebook against the instructor's."""

    def __init__(
        self,
        submitted: NotebookNode,
        full: NotebookNode,
        plan: Plan,
        *,
        open_room: Callable[[], Room],
        files: dict[str, bytes],
        timeout: float,
        told: Callable[[Examined], None] = lambda _: None,
    ) -> None:
        """submitted: with the tests restored. full: the instructor's, and plan, where its cells run. files: what lies beside it.

        timeout: seconds that a cell may take. told: hears of the results so far after each cell, so that they are known if this
        process does not come to its end.
        """
        self._submitted, self._timeout, self._told = submitted, timeout, told
        self._open_room = open_room
        self._files = {name: content for name, content in files.items() if name.endswith(".ipynb")}
        self._by_id = {cell.id: cell for cell in full.cells}
        self._tests = {grade_id(cell): cell for cell in full.cells if is_test(cell)}
        self._plan = plan
        self._given = list(self._plan.given)
        self._space: dict[str, Any] = {"__name__": "__main__"}
        self._session: Session | None = None
        self._tested: Session | None = None
        self._run: list[tuple[int, str]] = []
        self._deadly: set[int] = set()
        self._lives = 0
        self._budget = LARGEST
        self.examined = Examined()
        #: Whether a candidate was killed, by its own code or by somebody else.
        self.killed = False

    def examine(self) -> Examined:
        """Run all cells in order, then the tests that the submission lacks."""
        running, late = self._running(), set()
        for number, cell in enumerate(self._submitted.cells):
            if number in running:
                self._run_cell(number, cell.source)
                late |= {number} if self.examined.verdicts else set()
            elif is_test(cell):
                self._judge_once(grade_id(cell))
        for name in self._tests:
            self._judge_once(name)
        self._end()
        if any(self.examined.outputs[number] for number in late):
            self._show_without_tests(running)
        return self.examined

    def _show_without_tests(self, running: set[int]) -> None:
        """Have all cells show what they show once more, where no test has called anything.

        What a test hands to a function, fresh inputs among it, the function may keep, and a later cell show to the student.
        """
        self.examined.outputs, self._run, self._budget = {}, [], LARGEST
        for number, cell in enumerate(self._submitted.cells):
            if number in running:
                self._run_cell(number, cell.source)
        self._end()

    def _end(self) -> None:
        if self._session is not None:
            self._session.close()

    def _running(self) -> set[int]:
        """The numbers of the cells that run in the candidate."""
        sources, showing = {}, set()
        for number, cell in enumerate(self._submitted.cells):
            if cell.cell_type != "code" or not cell.source.strip() or is_test(cell):
                continue
            known = self._by_id.get(cell.get("id")) or self._by_id.get(grade_id(cell))
            # The tags of a cell of the course are the instructor's, whatever the submission says.
            tags = (cell if known is None else known).metadata.get("tags", [])
            if SKIP_TAG in tags:
                continue
            sources[number] = cell.source
            if SHOW_TAG in tags and known is not None and known.source == cell.source:
                showing.add(number)
        names = [name for names in self._plan.from_student.values() for name in names]
        return set(sources) - idle(sources, showing, names)

    # --- student code

    def _run_cell(self, number: int, source: str) -> None:
        """Run a cell of the student's, and keep what it showed."""
        tested = self._was_tested()
        try:
            try:
                answer = self._answer_to(source)
            except Died:
                if not tested:
                    raise
                answer = self._answer_to(source)  # where no test has left anything
            shown, self._budget = checked(answer.get("outputs"), self._budget)
        except (OutOfTime, Died) as end:
            self._deadly.add(number)
            verdict = self._ended(end)
            shown = [error_output(verdict.error, verdict.message)]
        self.examined.outputs[number] = shown
        self._run.append((number, source))

    def _answer_to(self, source: str) -> dict[str, Any]:
        self._candidate().deadline = time.monotonic() + self._timeout
        return self._session.run(source)

    def _was_tested(self) -> bool:
        """Whether a test has called something in the candidate that lives now.

        What that left behind, such as threads, may end the process while something else runs in it, which then gets another try.
        """
        return self._session is not None and self._session.alive and self._session is self._tested

    def _candidate(self) -> Session:
        """The conversation with a living candidate; a new one runs again what ran before, but for what killed the last one."""
        if self._session is not None and self._session.alive:
            return self._session
        if self._lives >= _MOST_LIVES:
            raise Died("its process ended too often")
        self._lives += 1
        allowance = _ALLOWANCE * self._timeout if self._session is None else self._session.allowance
        self._session = Session(self._open_room(), allowance)
        self._session.deadline = time.monotonic() + self._timeout
        self._session.ask("files", self._files)
        for number, source in self._run:
            if number not in self._deadly:
                self._session.deadline = time.monotonic() + self._timeout
                try:
                    self._session.run(source)
                except (OutOfTime, Died) as end:
                    self._ended(end)
                    self._deadly.add(number)
                    return self._candidate()
        return self._session

    # --- tests

    def _judge_once(self, name: str) -> None:
        """Run a test of the course, where it stands first in the submission."""
        if name in self._tests and name not in self.examined.verdicts:
            self.examined.verdicts[name] = self._judge(self._tests[name])
            self._told(self.examined)

    def _judge(self, test: NotebookNode) -> Verdict:
        """Run a test cell of the instructor's here, against what the candidate has defined by now."""
        tested = self._was_tested()
        verdict, ended = self._attempt(test)
        lend_first = ended and LENDING in test.source
        if lend_first:
            # A building block may have ended it, which is another exercise's affair: once more, with the right ones.
            verdict = self._attempt(test, lend_first=True)[0]
        elif ended and tested and verdict.error != TIMEOUT_ERROR:  # once more, where no test has left anything
            verdict = self._attempt(test)[0]
        if not verdict.error and self._session.rewrote:
            # What is expected may have been computed from rewritten arguments: it must hold without that, too.
            verdict = self._attempt(test, lend_first=lend_first, spares_arguments=True)[0]
        return verdict

    def _attempt(
        self, test: NotebookNode, *, lend_first: bool = False, spares_arguments: bool = False
    ) -> tuple[Verdict, bool]:
        """The verdict, and whether the candidate came to an end, or had to be stopped, over it."""
        silence = io.StringIO()
        try:
            with (
                warnings.catch_warnings(),
                redirect_stdout(silence),
                redirect_stderr(silence),
                _limited(2 * self._timeout),
            ):
                warnings.simplefilter("ignore")
                self._bind(test)
                self._tested = self._session
                self._session.lend_first, self._session.spares_arguments = lend_first, spares_arguments
                self._execute(test)
        except (OutOfTime, Died) as end:
            return replace(self._ended(end), hidden=_is_hidden(end, test)), True
        except RoomFailed:
            raise
        except StudentError as error:  # whatever the student calls it, such as NotGraded
            text = f"{type(error).__name__}: {error}"
            return Verdict(Raised.__name__, text, hidden=_is_hidden(error, test)), False
        except BaseException as error:  # a test cell's last word
            mark = getattr(error, "mark", None)
            return Verdict(type(error).__name__, str(error)[:_LONGEST_VERDICT], mark, _is_hidden(error, test)), False
        return Verdict(), False

    def _bind(self, test: NotebookNode) -> None:
        """Give the test what it builds on, and stand-ins for what the student has defined."""
        while self._given and self._position(self._given[0]) < self._position(test.id):
            self._execute(self._by_id[self._given.pop(0)])
        session = self._candidate()
        session.deadline = time.monotonic() + self._timeout
        session.forget_functions()
        session.rewrote = False
        torch.set_grad_enabled(True)
        session.written = functools.partial(definitions, [source for _, source in self._run])
        self._space[CANDIDATE] = session
        names = self._plan.from_student[test.id]
        for name in names:
            self._space.pop(name, None)
        self._space |= session.names(names)

    def _position(self, cell_id: str) -> int:
        return list(self._by_id).index(cell_id)

    def _execute(self, cell: NotebookNode) -> None:
        exec(compile(python_of(cell.source), f"<{cell.id}>", "exec"), self._space)

    def _ended(self, end: BaseException) -> Verdict:
        if isinstance(end, OutOfTime):
            return Verdict(TIMEOUT_ERROR, f"no end after {self._timeout:g} s")
        cause = str(end)
        self.killed |= cause == _KILLED
        return Verdict("MemoryError" if cause == "out of memory" else KILLED_ERROR, _DEATHS.get(cause, cause))


def _is_hidden(error: BaseException, test: NotebookNode) -> bool:
    """Whether an error comes from a line of the test cell that students do not have."""
    origin = error.__cause__ or error  # what a check's block makes a verdict of
    lines = [
        number
        for frame, number in traceback.walk_tb(origin.__traceback__)
        if (frame.f_code.co_filename, frame.f_code.co_name) == (f"<{test.id}>", "<module>")
    ]
    return bool(lines) and lines[-1] in hidden_lines(test.source)


class _limited:
    """Ends a block that computes for more than some seconds with OutOfTime: a test must not hang on what student code sends.

    Waiting for an answer has deadlines of its own.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGPROF, self._end)
        signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def __exit__(self, *_: Any) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    @staticmethod
    def _end(_signal: int, _frame: types.FrameType | None) -> None:
        raise OutOfTime
