"""What a test cell sees of the student's functions, classes and objects, which live in another process.

No method of a student's object ever runs in this process; comparing a Proxy with a value is an error, not an answer.
"""

import builtins
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Protocol, Self

import numpy as np

from helpers.syntax import Written
from helpers.verdicts import WrongType

#: Characters of a text from the student's process.
LONGEST_TEXT = 500
#: CPython's Py_TPFLAGS_HEAPTYPE.
_MADE_IN_PYTHON = 1 << 9


class Conversation(Protocol):
    """What a stand-in needs of the session that it belongs to."""

    written: Callable[[], dict[str, Any]]

    def ask(self, name: str, *arguments: Any) -> Any:
        """One request and its answer."""

    def release(self, number: int) -> None:
        """Note that nothing here refers to an object of the student's any more."""


class Proxy:
    """Something of the student's. Calls, attributes and items are asked for there; what comes back is data or a Proxy."""

    __hash__ = object.__hash__

    @property
    def __class__(self) -> type:
        return object.__getattribute__(self, "_class") or type(self)

    def __deepcopy__(self, _memo: dict) -> Self:
        return self

    def __del__(self) -> None:
        session = getattr(self, "_session", None)
        if session is not None:
            session.release(object.__getattribute__(self, "_number"))

    def run_beside(self, module: str, name: str, arguments: tuple, keywords: dict) -> Any:
        """Call a function of helpers there: see `helpers.beside`."""
        return self._session.ask("beside", module, name, list(arguments), keywords)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_session":
            raise AttributeError(name)
        value = self._session.ask("get", self, name)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False  # a copy: what would be written into it would be lost
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        self._session.ask("set", self, name, value)

    def __len__(self) -> int:
        try:
            return int(self._session.ask("special", self, "__len__", []))
        except AttributeError as error:  # what list() takes for "it has none"
            raise TypeError(str(error)) from None

    def __getitem__(self, key: Any) -> Any:
        return self._session.ask("special", self, "__getitem__", [key])

    def __setitem__(self, key: Any, value: Any) -> None:
        self._session.ask("special", self, "__setitem__", [key, value])

    def __contains__(self, key: Any) -> bool:
        return bool(self._session.ask("special", self, "__contains__", [key]))

    def __iter__(self) -> Iterator[Any]:
        items = self._session.ask("special", self, "__iter__", [])
        if not isinstance(items, Proxy):
            yield from items
            return
        while True:
            found = self._session.ask("next", items)
            if type(found) is not list or not found:
                return
            yield from found

    def __repr__(self) -> str:
        return f"<{object.__getattribute__(self, '_kind')} of the student's>"

    def _compare(self, _other: Any) -> bool:
        raise TypeError(
            f"{self!r} cannot be compared here: ask for a value of it, such as an attribute, a number or an array."
        )

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _compare

    def __bool__(self) -> bool:
        return True


class CallableProxy(Proxy):
    """A function of the student's, or an object that can be called."""

    _bound_to = ""

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._session.ask("call", self, list(arguments), keywords)

    def text(self) -> Written:
        """Its definition in the submission, for `helpers.syntax`. Raises WrongType when there is none."""
        found = self._session.written().get(self._bound_to)
        if not isinstance(found, Written):
            raise WrongType(
                f"The source of `{self._bound_to or 'a function'}` cannot be read.",
                "expected  a function defined with `def`",
            )
        return found


class ClassProxy(CallableProxy):
    """A class of the student's."""

    @property
    def __class__(self) -> type:
        return type


class ObjectProxy(Proxy):
    """An object of the student's that cannot be called."""


_PROXIES: dict[str, type[Proxy]] = {"callable": CallableProxy, "class": ClassProxy, "object": ObjectProxy}


def stand_in(session: Conversation, number: int, kind: str, name: Any, classes: Any) -> Proxy:
    """What stands here for an object there: its number, what it is called, and the classes that it says it has."""
    found = _PROXIES[kind].__new__(_PROXIES[kind])
    facts = {
        "_session": session,
        "_number": number,
        "__name__": str(name)[:LONGEST_TEXT],
        "_class": _known_class(classes),
        "_kind": str(classes[0][1])[:80] if classes else "object",
    }
    for fact, value in facts.items():
        object.__setattr__(found, fact, value)
    return found


def _known_class(classes: Any) -> type | None:
    """The nearest of an object's classes that is one of PyTorch's or Python's own: what `isinstance` here goes by.

    Not a tensor: PyTorch reads the memory of what says that it is one, and crashes.
    """
    for module, name in list(classes)[:20]:
        if str(module).split(".")[0] in ("torch", "builtins") and name != "object":
            found = vars(sys.modules[module]).get(name) if module in sys.modules else None
            if isinstance(found, type) and (module == "builtins" or not _has_memory_of_its_own(found)):
                return found
    return None


def _has_memory_of_its_own(kind: type) -> bool:
    return any(not base.__flags__ & _MADE_IN_PYTHON for base in kind.__mro__[:-1])


class StudentError(Exception):
    """An exception of a class that only the student's process knows."""


def raised(name: str, arguments: list, text: str, frames: list) -> Exception:
    """The exception that student code raised, as this process knows it, with the student's frames in `student_frames`."""
    kind = getattr(builtins, name, None)
    told = arguments[:3] or ([text] if text else [])
    values = [value[:LONGEST_TEXT] if isinstance(value, str) else value for value in told]
    error: Exception | None = None
    if isinstance(kind, type) and issubclass(kind, Exception):
        try:
            error = kind(*values)
        except Exception:
            error = None
    if error is None:
        title = name[:80] if name.isidentifier() else "Exception"
        error = type(title, (StudentError,), {})(*map(str, values))
    error.student_frames = [
        traceback.FrameSummary("", line, function[:80], lookup_line=False, line=code[:LONGEST_TEXT])
        for function, line, code in frames[:8]
    ]
    return error
