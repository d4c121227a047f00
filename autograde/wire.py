"""Plain data between the examiner and the candidate, as messages for a pipe: everything bounded.

What arrives may come from a process that lies: a message that is not exactly what `encode` writes raises WireError.
"""

import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from autograde.pipe import Unsupported, WireError

_DEEPEST = 40
_LARGEST_ITEMSIZE = 4096  # bytes: a text of 1,024 letters
#: bool, integers, floats, complex, and texts; object arrays and structures never cross.
_KINDS = "biufcUS"
_TENSOR_TYPES = {
    str(kind).removeprefix("torch."): kind
    for kind in (
        torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128,
        torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool,
    )
}  # fmt: skip
#: Classes of these libraries cross by name to the candidate.
_LIBRARIES = ("numpy", "torch", "math", "builtins", "scipy", "operator")
#: Dimensions of a tensor; NumPy has a limit of its own.
_MOST_DIMENSIONS = 64


class Encoder:
    """Values as messages.

    other: what to write for a value that is no plain data, such as a function. known: the number by which the other side
    knows a value already, if it does. noted: is told each value that can change in place, in their order in the message.
    classes: which classes cross by name.
    """

    def __init__(
        self,
        other: Callable[[Any], list],
        known: Callable[[Any], int | None] = lambda _: None,
        noted: Callable[[Any], None] = lambda _: None,
        classes: Callable[[type], bool] = lambda _: True,
    ) -> None:
        self._other, self._known, self._noted, self._classes = other, known, noted, classes

    def encode(self, value: Any, depth: int = 0) -> Any:
        """The message for a value. Raises Unsupported."""
        kind = type(value)  # not value.__class__, which a stand-in may choose
        if value is None or kind in (bool, str, bytes, float):
            return value
        if kind is int:
            return value if -(2**63) <= value < 2**63 else ["i", format(value, "x")[:10_000]]
        if depth > _DEEPEST:
            raise Unsupported(f"a value nested more than {_DEEPEST} deep cannot cross to the other process.")
        number = self._known(value)
        if number is not None:
            return ["=", number]
        if issubclass(kind, torch.nn.Parameter):
            return self._other(value)  # a copy of it would not be what an optimizer changes
        if issubclass(kind, np.ndarray | np.generic):
            message = self._array(value)
        elif issubclass(kind, torch.Tensor):
            message = _tensor(value)
        else:
            message = self._container(value, depth) or self._class(value)
            if message is None:
                return self._subclass(value, depth)
        if message[0] in _CHANGEABLE:
            self._noted(value)
        return message

    def _array(self, value: Any) -> list:
        if value.dtype.kind not in _KINDS or value.dtype.itemsize > _LARGEST_ITEMSIZE:
            return self._other(value)
        plain = np.asarray(value)
        tag = "n" if isinstance(value, np.generic) else "a"
        return [tag, plain.dtype.str, list(plain.shape), plain.tobytes()]

    def _container(self, value: Any, depth: int) -> list | None:
        kind = type(value)
        if kind in _SEQUENCES:
            return [_SEQUENCES[kind], [self.encode(item, depth + 1) for item in value]]
        if kind is dict:
            return ["d", [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in value.items()]]
        if kind is slice:
            return ["slice", [self.encode(part, depth + 1) for part in (value.start, value.stop, value.step)]]
        if kind is range:
            return ["range", [value.start, value.stop, value.step]]
        if kind is complex:
            return ["c", value.real, value.imag]
        if value is Ellipsis:
            return ["..."]
        if issubclass(kind, np.dtype) and value.kind in _KINDS:
            return ["dtype", value.str]
        if kind is torch.dtype:
            return ["torch.dtype", str(value).removeprefix("torch.")]
        if kind is np.random.Generator:
            return ["rng", self.encode(value.bit_generator.state, depth + 1), spawned(value)]
        if kind is torch.Generator:
            return ["torch.rng", value.get_state().numpy().tobytes()]
        return None

    def _class(self, value: Any) -> list | None:
        """A class of a library crosses as its name."""
        if not issubclass(type(value), type) or value.__module__.split(".")[0] not in _LIBRARIES:
            return None
        return ["name", value.__module__, value.__qualname__] if self._classes(value) else None

    def _subclass(self, value: Any, depth: int) -> list:
        """A subclass of a plain type crosses as the plain type: a float that equals everything loses that."""
        for kind in (bool, int, float, complex, str, bytes, list, tuple, set, frozenset):
            if issubclass(type(value), kind):
                return self.encode(kind.__new__(kind, value) if kind is not list else list(value), depth)
        if issubclass(type(value), dict):
            return self.encode(dict(dict.items(value)), depth)
        return self._other(value)


#: What can be changed in place, by tag.
_CHANGEABLE = ("l", "d", "a", "T", "rng", "torch.rng")
_BIT_GENERATORS = {kind.__name__: kind for kind in (np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937)}
#: Generators that one generator may have spawned.
_MOST_SPAWNED = 10_000
_VALUE_TYPES = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, object, type(None))
_SEQUENCES = {list: "l", tuple: "t", set: "s", frozenset: "z"}


def spawned(generator: np.random.Generator) -> int:
    """How many generators it has spawned, as far as they are counted."""
    return min(getattr(generator.bit_generator.seed_seq, "n_children_spawned", 0), _MOST_SPAWNED)


class Decoder:
    """Messages as values. other: reads what the other side's Encoder wrote for values that are no plain data."""

    def __init__(
        self,
        other: Callable[[list], Any],
        noted: Callable[[Any], None] = lambda _: None,
        classes: Callable[[type], bool] = lambda _: True,
    ) -> None:
        """noted: is told each list, dict and array, in the order in which they stand in the message. classes: which may come."""
        self._other, self._noted, self._classes = other, noted, classes

    def decode(self, message: Any) -> Any:
        """The value of a message. Raises WireError."""
        try:
            return self._decode(message, 0)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"a malformed value ({type(error).__name__})") from None

    def _decode(self, message: Any, depth: int) -> Any:
        if message is None or type(message) in (bool, int, float, str, bytes):
            return message
        if type(message) is not list or depth > _DEEPEST + 1:
            raise WireError("a malformed value")
        read = _READERS.get(message[0])
        return read(self, message, depth) if read else self._other(message)

    def _sequence(self, message: list, depth: int) -> Any:
        tag, items = message
        value = [self._decode(item, depth + 1) for item in items]
        if tag == "l":
            self._noted(value)
            return value
        return {"t": tuple, "s": set, "z": frozenset}[tag](value)

    def _dict(self, message: list, depth: int) -> dict:
        value = {self._decode(key, depth + 1): self._decode(item, depth + 1) for key, item in message[1]}
        self._noted(value)
        return value

    def _array(self, message: list, _depth: int) -> Any:
        tag, name, shape, content = message
        kind = _dtype(name)
        if len(shape) > 16 or any(type(size) is not int or size < 0 for size in shape):
            raise WireError("an array of a malformed shape")
        if math.prod(shape) * kind.itemsize != len(content):
            raise WireError("an array that is not as large as it says")
        if kind.kind == "b":
            content = _truth_values(content)
        value = np.frombuffer(content, dtype=kind).reshape(shape).copy()
        if tag == "n":
            return value[()]
        self._noted(value)
        return value

    def _tensor(self, message: list, _depth: int) -> torch.Tensor:
        _, name, shape, content, requires_grad = message
        kind = _TENSOR_TYPES[name]
        if len(shape) > _MOST_DIMENSIONS or any(type(size) is not int or size < 0 for size in shape):
            raise WireError("a tensor of a malformed shape")
        if math.prod(shape) * kind.itemsize != len(content):
            raise WireError("a tensor that is not as large as it says")
        if kind is torch.bool:
            content = _truth_values(content)
        flat = torch.frombuffer(bytearray(content), dtype=kind) if content else torch.empty(0, dtype=kind)
        value = flat.reshape(shape).requires_grad_(bool(requires_grad) and kind.is_floating_point)
        self._noted(value)
        return value

    def _slice(self, message: list, depth: int) -> slice:
        return slice(*(self._decode(part, depth + 1) for part in message[1]))

    def _rng(self, message: list, depth: int) -> np.random.Generator:
        state, children = self._decode(message[1], depth + 1), message[2]
        if type(children) is not int or not 0 <= children <= _MOST_SPAWNED:
            raise WireError("a malformed generator")
        kind = _BIT_GENERATORS[state["bit_generator"]]
        copied = kind(0)
        copied.state = state
        # What it spawns follows from its state: its seed, the course's secret perhaps, does not cross.
        seeds = np.random.SeedSequence(copied.random_raw(4).tolist(), n_children_spawned=children)
        generator = np.random.Generator(kind(seeds))
        generator.bit_generator.state = state
        self._noted(generator)
        return generator

    def _torch_rng(self, message: list, _depth: int) -> torch.Generator:
        generator = torch.Generator()
        generator.set_state(torch.frombuffer(bytearray(message[1]), dtype=torch.uint8))
        self._noted(generator)
        return generator

    def _class(self, message: list, _depth: int) -> type:
        _, module, name = message
        found = _library_class(module, name)
        if not self._classes(found):
            raise WireError("a class that may not cross")
        return found


_READERS: dict[str, Callable[[Decoder, list, int], Any]] = {
    "l": Decoder._sequence,
    "t": Decoder._sequence,
    "s": Decoder._sequence,
    "z": Decoder._sequence,
    "d": Decoder._dict,
    "a": Decoder._array,
    "n": Decoder._array,
    "T": Decoder._tensor,
    "slice": Decoder._slice,
    "rng": Decoder._rng,
    "torch.rng": Decoder._torch_rng,
    "range": lambda _, message, __: range(*message[1]),
    "i": lambda _, message, __: int(message[1][:10_000], 16),
    "c": lambda _, message, __: complex(float(message[1]), float(message[2])),
    "...": lambda *_: Ellipsis,
    "dtype": lambda _, message, __: _dtype(message[1]),
    "torch.dtype": lambda _, message, __: _TENSOR_TYPES[message[1]],
    "name": Decoder._class,
}


def _truth_values(content: bytes) -> bytes:
    """Bytes that are all 0 or 1: a True of 255 would count as 255 in a mean."""
    return (np.frombuffer(content, dtype=np.uint8) != 0).tobytes()


def _dtype(name: str) -> np.dtype:
    kind = np.dtype(str(name)[:20])
    if kind.kind not in _KINDS or kind.itemsize > _LARGEST_ITEMSIZE:
        raise WireError("a dtype that may not cross")
    return kind


def _tensor(value: torch.Tensor) -> list:
    """A tensor by value: its graph stays where it is."""
    plain = value.detach().as_subclass(torch.Tensor).cpu().resolve_conj().resolve_neg()
    name = str(plain.dtype).removeprefix("torch.")
    if name not in _TENSOR_TYPES or plain.layout is not torch.strided or plain.device.type != "cpu":
        raise Unsupported(f"a tensor of {plain.dtype}, {plain.layout} cannot cross to the other process.")
    content = plain.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes() if plain.numel() else b""
    return ["T", name, list(plain.shape), content, value.requires_grad]


def _library_class(module: str, name: str) -> type:
    """The class of a library that is loaded already: nothing is imported on the sender's word, and no function crosses."""
    if str(module).split(".")[0] not in _LIBRARIES:
        raise WireError("a class that may not cross")
    found: Any = sys.modules.get(module)
    for part in str(name).split("."):
        found = vars(found).get(part) if found is not None else None
    # Libraries import others: torch holds subprocess, and so its Popen.
    if not isinstance(found, type) or (found.__module__, found.__qualname__) != (module, name):
        raise WireError("a class that does not exist")
    return found


def is_value_type(kind: type) -> bool:
    """Whether it is a class of plain values, such as int or np.float32: the only ones that a candidate may send.

    A test may call what it gets, with arguments that were handed in: calling another class can write a file.
    """
    return kind in _VALUE_TYPES or issubclass(kind, np.number | np.bool_ | np.character)


def plain_mapping(value: Any) -> Mapping:
    """value, if it is a dict. Raises WireError."""
    if type(value) is not dict:
        raise WireError("a malformed message")
    return value
