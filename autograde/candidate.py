"""The candidate's side of an examination: runs the student's cells, and does for the examiner what a test asks for.

It holds no test, no answer and nobody's data. Whatever it says is checked on the other side.
"""

import importlib
import itertools
import linecache
import os
import signal
import traceback
import types
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from threading import Lock, current_thread, main_thread  # by name: student code may rebind the module's
from typing import Any

import numpy as np
import torch

from autograde.ledger import Ledger, overwrite
from autograde.pipe import Pipe, Unsupported
from autograde.shell import Shell
from autograde.wire import Decoder, Encoder, is_value_type

_MOST_FRAMES, _MOST_WARNINGS, _LONGEST_TEXT = 8, 8, 500
_AT_ONCE = 256
_TORCH = str(Path(torch.__file__).parent)
_MISSING = object()


class CalledBack(Exception):
    """A function of the test, called by student code, raised this."""


class Candidate:
    """Serves an examiner over a pipe, with the student's namespace."""

    def __init__(self, pipe: Pipe, shell: Shell) -> None:
        self._pipe, self._shell = pipe, shell
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._next = itertools.count()
        self._lent: dict[str, Any] = {}
        self._process = os.getpid()
        #: Held by whoever speaks with the examiner about the request that is being answered; None between requests.
        self._turn: Lock | None = None

    def serve(self) -> None:
        """Answer requests until the examiner closes the pipe."""
        while True:
            self._answer(self._pipe.receive())

    def _answer(self, message: list) -> None:
        name, arguments, with_gradients, forgotten = message
        outer, self._turn = self._turn, Lock()
        self._forget(forgotten)
        ledger = Ledger()
        torch.set_grad_enabled(with_gradients)
        # A cell shows its warnings itself; those of a call are the examiner's to show.
        with warnings.catch_warnings(record=name != "run") as warned:
            if name != "run":
                warnings.simplefilter("always")
            try:
                received = Decoder(self._theirs(ledger), ledger.note).decode(arguments)
                _on_interrupt(signal.default_int_handler)
                with self._conditions(name):
                    value = getattr(self, f"do_{name}")(*received)
                _on_interrupt(signal.SIG_IGN)
                answer = ["ok", self._encode(value, ledger), self._changes(ledger)]
            except BaseException as error:  # whatever it is, it is the examiner's to judge
                _on_interrupt(signal.SIG_IGN)
                answer = ["error", *_described(error, self._shell.namespace), self._changes(ledger)]
        told = [str(warning.message)[:_LONGEST_TEXT] for warning in (warned or [])[:_MOST_WARNINGS]]
        with self._turn:  # a thread that the code has left behind may be in the middle of a question
            self._turn = outer
            try:
                self._pipe.send([*answer, told, torch.is_grad_enabled()])
            except Unsupported as error:
                self._pipe.send(["error", *_described(error, {}), [], [], True])

    def _conditions(self, name: str) -> AbstractContextManager:
        """A call answers for its value, not for how NumPy was told to treat an overflow: as in `helpers.exercise`."""
        return nullcontext() if name == "run" else np.errstate(all="warn", under="ignore")

    def _changes(self, ledger: Ledger) -> list:
        found = []
        for number in ledger.changed():
            with suppress(Unsupported):
                encoder = Encoder(self._ours, ledger.number_of_others(number), classes=is_value_type)
                found.append([number, encoder.encode(ledger.values[number])])
        return found

    def _encode(self, value: Any, ledger: Ledger | None = None) -> Any:
        known = ledger.number if ledger else lambda _: None
        return Encoder(self._ours, known, classes=is_value_type).encode(value)

    def _ours(self, value: Any) -> list:
        """A reference to an object that stays here."""
        value = value.value if isinstance(value, Here) else value
        number = self._numbers.get(id(value))
        if number is None:
            number = next(self._next)
            self._objects[number], self._numbers[id(value)] = value, number
        kind = "class" if isinstance(value, type) else "callable" if callable(value) else "object"
        classes = [[base.__module__, base.__qualname__] for base in _bases(value)]
        return ["ref", number, kind, str(getattr(value, "__name__", ""))[:_LONGEST_TEXT], classes]

    def _theirs(self, ledger: Ledger) -> Callable[[list], Any]:
        def read(message: list) -> Any:
            if message[0] == "=":
                return ledger.values[message[1]]
            if message[0] == "ref":
                return self._objects[message[1]]
            return _Callback(self, message[1], message[2])

        return read

    def _forget(self, numbers: list[int]) -> None:
        """Let go of objects that no test refers to any more."""
        for number in numbers:
            value = self._objects.pop(number, None)
            self._numbers.pop(id(value), None)

    def call_back(self, number: int, arguments: tuple, keywords: dict) -> Any:
        """Call a function of the test, which runs in the examiner's process. Raises what it raises.

        Any thread may do so, one after the other.
        """
        while (turn := self._turn) is not None and os.getpid() == self._process:
            with turn:
                if turn is self._turn:  # else another request has begun or ended meanwhile
                    return self._called_back(number, arguments, keywords)
        raise RuntimeError(
            "a function of the test can be called until yours returns, and in the process that yours was called in."
        )

    def _called_back(self, number: int, arguments: tuple, keywords: dict) -> Any:
        ledger = Ledger()
        encoder = Encoder(self._ours, ledger.number, ledger.note, is_value_type)
        self._pipe.send(["callback", number, encoder.encode(list(arguments)), encoder.encode(keywords)])
        while (message := self._pipe.receive())[0] not in ("returned", "raised"):
            self._answer(message)  # the function asks for something of ours meanwhile
        kind, value, changes = message
        if kind == "raised":
            name, text = value
            builtin = getattr(importlib.import_module("builtins"), name, None)
            raise (builtin if isinstance(builtin, type) and issubclass(builtin, Exception) else CalledBack)(text)
        decoder = Decoder(self._theirs(ledger))
        for number, content in changes:
            overwrite(ledger.values[number], decoder.decode(content))
        return decoder.decode(value)

    # --- what an examiner may ask for

    def do_files(self, files: dict[str, bytes]) -> None:
        """Write files into the working directory."""
        for name, content in files.items():
            Path(name).write_bytes(content)

    def do_run(self, source: str) -> dict:
        """Run a cell; returns its outputs, and the name of the exception it ended with."""
        return self._shell.run(source)

    def do_names(self, names: list[str]) -> dict[str, Any]:
        """What these names stand for, as far as they are defined."""
        space = self._shell.namespace
        return {name: space[name] for name in names if name in space}

    def do_lend(self, functions: dict[str, Any]) -> None:
        """Put other functions in place of the student's own."""
        space = self._shell.namespace
        for name, function in functions.items():
            self._lent.setdefault(name, space.get(name, _MISSING))
            space[name] = function

    def do_return(self) -> None:
        """Put the student's own functions back."""
        for name, own in self._lent.items():
            if own is _MISSING:
                self._shell.namespace.pop(name, None)
            else:
                self._shell.namespace[name] = own
        self._lent.clear()

    def do_call(self, target: Any, arguments: list, keywords: dict) -> Any:
        """Call a function, class or object."""
        return target(*arguments, **keywords)

    def do_beside(self, module: str, name: str, arguments: list, keywords: dict) -> Any:
        """Call a function of the course's helpers."""
        return getattr(importlib.import_module(module), name)(*arguments, **keywords)

    def do_get(self, target: Any, name: str) -> Any:
        """An attribute; a tensor stays here, so that what is done to it is done to the object's own."""
        value = getattr(target, name)
        return Here(value) if isinstance(value, torch.Tensor) else value

    def do_set(self, target: Any, name: str, value: Any) -> None:
        """Set an attribute."""
        setattr(target, name, value)

    def do_special(self, target: Any, name: str, arguments: list) -> Any:
        """A special method, such as __len__, __getitem__ or __iter__."""
        return getattr(type(target), name)(target, *arguments)

    def do_next(self, target: Any) -> list:
        """The next item of an iterator, or none at its end; several of PyTorch's own, which do nothing else on the way."""
        if _is_torchs(target):
            return list(itertools.islice(target, _AT_ONCE))
        try:
            return [next(target)]
        except StopIteration:
            return []


def _on_interrupt(handler: Any) -> None:
    """Set what an interrupt does. It reaches the main thread alone, and other threads cannot set it."""
    if current_thread() is main_thread():
        signal.signal(signal.SIGINT, handler)


def _is_torchs(iterator: Any) -> bool:
    """Whether it is a generator such as `parameters()`."""
    return isinstance(iterator, types.GeneratorType) and iterator.gi_code.co_filename.startswith(_TORCH)


class Here:
    """Marks a value that stays here, though it could cross."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _Callback:
    """A function of the test, as student code sees it."""

    def __init__(self, candidate: Candidate, number: int, name: str) -> None:
        self._candidate, self._number, self.__name__ = candidate, number, name

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._candidate.call_back(self._number, arguments, keywords)


def _bases(value: Any) -> list[type]:
    return (value if isinstance(value, type) else type(value)).__mro__[:20]


def _described(error: BaseException, namespace: dict[str, Any]) -> list:
    """An exception's class, its arguments where they are plain, its text, and the student's frames, outermost first."""
    plain = [argument for argument in error.args[:3] if type(argument) in (str, int, float)]
    arguments = plain if len(plain) == len(error.args) else []
    try:
        text = str(error)[:_LONGEST_TEXT]
    except BaseException:
        text = ""
    frames = [
        [frame.f_code.co_name, line, linecache.getline(frame.f_code.co_filename, line).strip()[:_LONGEST_TEXT]]
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals is namespace
    ]
    arguments = [argument[:_LONGEST_TEXT] if isinstance(argument, str) else float(argument) for argument in arguments]
    return [type(error).__name__, arguments, text, frames[-_MOST_FRAMES:]]
