"""The examiner's conversation with a candidate: requests and answers over the pipe, and every message of the candidate's checked.

What comes from there is plain data that `wire` has checked, or one of the stand-ins in `proxies`.
"""

import copy
import itertools
import math
import time
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import numpy as np
import torch

from autograde.ledger import Ledger, overwrite
from autograde.pipe import Closed, Pipe, TimeOver, Unsupported, WireError
from autograde.proxies import LONGEST_TEXT, CallableProxy, Proxy, raised, stand_in
from autograde.verdict import Died, OutOfTime
from autograde.wire import Decoder, Encoder, is_value_type, plain_mapping

#: Seconds after an interrupt in which student code may still end by itself.
_GRACE = 2.0
#: Seconds; less is not worth another look.
_LEAST_EXTENSION = 0.1


class Room(Protocol):
    """Where a candidate runs."""

    pipe: Pipe

    def interrupt(self) -> None:
        """Ask the running code to stop."""

    def waited(self) -> float:
        """Seconds that it had to wait for a core, since it began."""

    def close(self, *, gone: bool) -> str:
        """End everything that runs in it; returns of what it ended: one of the causes in `warden`."""


class Session:
    """A conversation with one candidate."""

    def __init__(self, room: Room, allowance: float = 0.0) -> None:
        self._room = room
        self.deadline = time.monotonic() + 60.0
        #: Seconds by which deadlines may yet be extended, when the machine has kept it waiting.
        self.allowance, self._given_back = allowance, 0.0
        self._callbacks: dict[int, Callable] = {}
        self._next = itertools.count()
        self._forgotten: list[int] = []
        self._proxies: weakref.WeakValueDictionary[int, Proxy] = weakref.WeakValueDictionary()
        self._failure: BaseException | None = None
        self._spared = False
        self.alive, self._cause = True, ""
        #: The last deadline at which time was over.
        self._missed = math.nan
        #: Whether a test that lends right building blocks does so at once: they are known to be deadly.
        self.lend_first = False
        #: Whether what student code does to a test's own arrays, lists and dicts stays unseen; and whether it did anything.
        self.spares_arguments, self.rewrote = False, False
        #: Gives what the submission's text defines, for checks of source: never asked of the process that may lie.
        self.written: Callable[[], dict[str, Any]] = dict

    # --- what the examiner asks for

    def run(self, source: str) -> dict[str, Any]:
        """Run a cell there. Returns what it showed, and what it ended with: see `Shell.run`. Raises OutOfTime, Died."""
        try:
            return plain_mapping(self.ask("run", source))
        except Exception as error:  # a cell's own errors are told in the answer: no honest process gives this one
            self.close()
            raise Died(f"its process sent no outputs ({type(error).__name__})") from None

    def names(self, names: list[str]) -> dict[str, Any]:
        """What these names stand for there: data, or proxies."""
        told = self.ask("names", names)
        if type(told) is not dict:
            raise self._lied(WireError("no names"))
        # No other name, or it could put a check of its own in place of the test's.
        found = {name: told[name] for name in names if name in told}
        for name, value in found.items():
            if isinstance(value, CallableProxy):
                object.__setattr__(value, "_bound_to", name)
        return found

    def carried(self, notebook: str, names: list[str]) -> dict[str, Any]:
        """The student's own functions of another notebook that was handed in; none that is not there. Raises OutOfTime, Died."""
        found = {f"_carried_{name}": name for name in names}
        self.run(
            f"from helpers.carry import carry as _carry\n"
            f"{', '.join(found)} = _carry({notebook!r}, *{names!r}, tried=False)"
        )
        return {found[name]: value for name, value in self.names(list(found)).items()}

    @contextmanager
    def lent(self, functions: dict[str, Callable]) -> Iterator[None]:
        """Put functions of the test in place of the student's own of these names, for a while; kept ones are dead afterwards."""
        before = set(self._callbacks)
        try:
            self.ask("lend", functions)
            yield
        finally:
            self.deadline = max(self.deadline, time.monotonic() + _GRACE)
            with suppress(Died, OutOfTime):
                self.ask("return")
            for number in set(self._callbacks) - before:
                del self._callbacks[number]

    def ask(self, name: str, *arguments: Any) -> Any:
        """One request and its answer. Raises what student code raised; Unsupported; OutOfTime; Died."""
        if not self.alive:
            raise Died("its process has ended")
        forgotten = [number for number in self._forgotten if number not in self._proxies]
        self._forgotten = []
        ledger = Ledger()
        message = Encoder(self._ours, ledger.number, ledger.note).encode(list(arguments))
        self._failure = None
        answered = self._spared = False
        try:
            self._pipe_send([name, message, torch.is_grad_enabled(), forgotten])
            kind, rest = self._answer()
            answered = True
            return self._finish(kind, rest, ledger)
        except Closed:
            raise Died(self.close(gone=True)) from None
        except WireError as error:
            raise self._lied(error) from None
        finally:
            if not answered and not self._spared:  # whatever comes next on the pipe would be taken for another answer
                self.close()

    def forget_functions(self) -> None:
        """End the life of the functions that tests have handed over so far: at the start of each test."""
        self._callbacks.clear()

    def close(self, *, gone: bool = False) -> str:
        """End the candidate; returns of what it ended. gone: it has closed its pipe."""
        if self.alive:
            self.alive = False
            self._cause = self._room.close(gone=gone)
        return self._cause

    def _lied(self, error: WireError) -> Died:
        """End a candidate that sent what no candidate sends."""
        self.close()
        return Died(f"its process sent {error}")

    def _pipe_send(self, message: Any) -> None:
        try:
            self._room.pipe.send(message, self.deadline + _GRACE)
        except TimeOver:
            self._missed = self.deadline
            raise OutOfTime from None

    def _answer(self) -> tuple[str, list]:
        """The answer to a request, when all that student code wanted of the test's own functions is done."""
        while True:
            try:
                kind, *rest = _message(self._room.pipe.receive(self.deadline))
            except TimeOver:
                if self._extend():
                    continue
                self._interrupt()
                self._missed = self.deadline
                raise OutOfTime from None
            if kind != "callback":
                return kind, rest
            self._serve(*rest)

    def _extend(self) -> bool:
        """Give back the time for which it waited for a core, since a busy machine is no fault of the student's."""
        waited = self._room.waited()
        more = min(waited - self._given_back, self.allowance)
        if more < _LEAST_EXTENSION:
            return False
        self._given_back = waited
        self.allowance -= more
        self.deadline = time.monotonic() + more
        return True

    def _interrupt(self) -> None:
        """Ask the running code to stop; if it does, the process stays of use."""
        self._room.interrupt()
        with suppress(TimeOver, Closed, WireError):
            kind, *_ = _message(self._room.pipe.receive(time.monotonic() + _GRACE))
            self._spared = kind != "callback"

    def _finish(self, kind: str, rest: list, ledger: Ledger) -> Any:
        if self._failure is not None:
            raise self._failure
        *answer, changes, warned, with_gradients = rest
        torch.set_grad_enabled(with_gradients)
        values = ledger.values
        if self.spares_arguments and changes:
            ledger.values = values = _copies(values)
        for number, content in changes:
            if not 0 <= number < len(values):
                raise WireError("a change of nothing")
            value = values[number]
            self.rewrote |= not isinstance(value, np.random.Generator | torch.Generator)
            try:
                overwrite(value, self._decode(content, ledger))
            except TypeError as error:
                raise WireError(str(error)) from None
        for text in warned[:8]:
            warnings.warn(text[:LONGEST_TEXT], RuntimeWarning, stacklevel=2)
        if kind == "ok":
            return self._decode(answer[0], ledger)
        raise raised(*answer)

    def _serve(self, number: int, arguments: Any, keywords: Any) -> None:
        """Call a function of the test for student code. A failing check in it decides, whatever student code makes of that."""
        function = self._callbacks.get(number)
        try:
            if function is None:
                raise RuntimeError("this function was lent for one check, which is over.")
            ledger = Ledger()
            values, named = self._decode(["l", [arguments, keywords]], noting=ledger)
            result = function(*values, **named)
            answer = ["returned", Encoder(self._ours, ledger.number).encode(result), self._changes(ledger)]
        except WireError:
            raise
        except Exception as error:
            text = str(error)[:LONGEST_TEXT]
            if isinstance(error, AssertionError):
                self._failure, text = error, ""  # what a check expected is not for student code to read
            answer = ["raised", [type(error).__name__, text], []]
        if self._missed == self.deadline:  # and that was dropped: NumPy drops what __len__ raises
            raise OutOfTime
        self._pipe_send(answer)

    def _changes(self, ledger: Ledger) -> list:
        return [[i, Encoder(self._ours, ledger.number_of_others(i)).encode(ledger.values[i])] for i in ledger.changed()]

    # --- references

    def _ours(self, value: Any) -> list:
        if isinstance(value, Proxy):
            return ["ref", value._number]
        if not callable(value) or isinstance(value, torch.nn.Module):
            raise Unsupported(
                f"a {type(value).__name__} cannot be handed to student code, which runs in a process of its own. Hand over "
                "numbers, arrays, tensors, lists, dicts or functions; or let a function of helpers, marked `beside`, make it there."
            )
        number = next(self._next)
        self._callbacks[number] = value
        return ["function", number, str(getattr(value, "__name__", "function"))]

    def _decode(self, message: Any, ledger: Ledger | None = None, noting: Ledger | None = None) -> Any:
        """A value; ledger: what it may name by number; noting: what it brings is numbered in it."""

        def read(part: list) -> Any:
            if part[0] == "=":
                return (ledger or noting).values[part[1]]
            if part[0] != "ref":
                raise WireError("a malformed value")
            _, number, kind, name, classes = part
            if number in self._proxies:  # one stand-in for one object, so that `is` says what it should
                return self._proxies[number]
            if type(number) is not int:
                raise WireError("a malformed value")
            self._proxies[number] = found = stand_in(self, number, kind, name, classes)
            return found

        return Decoder(read, noting.note if noting else lambda _: None, is_value_type).decode(message)

    def release(self, number: int) -> None:
        """Note that nothing here refers to an object of the student's any more."""
        self._forgotten.append(number)


def _copies(values: list) -> list:
    """Copies of what a call handed over, joined as the originals are; generators and what is the student's stay themselves."""
    kept = {id(value): value for value in values if isinstance(value, np.random.Generator | torch.Generator)}
    return copy.deepcopy(values, kept)


def _message(message: Any) -> list:
    """A message, if it is one that a candidate sends. Raises WireError."""
    kind = message[0] if type(message) is list and message else None
    if type(kind) is not str or kind not in _MESSAGES or not _row(*_MESSAGES[kind])(message[1:]):
        raise WireError("a malformed message")
    return message


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds


def _all(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: type(value) is list and all(map(check, value))


def _row(*checks: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        return (
            type(value) is list and len(value) == len(checks) and all(c(v) for c, v in zip(checks, value, strict=True))
        )

    return fits


def _encoded(_value: Any) -> bool:
    """What the decoder looks at."""
    return True


#: Changes by number, warnings, whether gradients are recorded: how each answer ends.
_ENDING = (_all(_row(_is(int), _encoded)), _all(_is(str)), _is(bool))
_FRAMES = _all(_row(_is(str), _is(int), _is(str)))
_MESSAGES = {
    "ok": (_encoded, *_ENDING),
    "error": (_is(str), _all(_is(str, float)), _is(str), _FRAMES, *_ENDING),
    "callback": (_is(int), _encoded, _encoded),
}
