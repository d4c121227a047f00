"""What one call hands over: its lists, dicts and arrays by number, so that changes in place come back to their owners."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograde.wire import spawned


class Ledger:
    """The lists, dicts, arrays and generators of one message, in the order in which they stand in it."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._before: list[Any] = []

    def note(self, value: Any) -> None:
        """Give the next number to a value."""
        self._numbers[id(value)] = len(self.values)
        self.values.append(value)
        self._before.append(_state(value))

    def number(self, value: Any) -> int | None:
        """The number of a value that was noted."""
        return self._numbers.get(id(value))

    def number_of_others(self, number: int) -> Callable[[Any], int | None]:
        """As `number`, but for one value, whose own content is wanted."""
        return lambda value: None if value is self.values[number] else self.number(value)

    def changed(self) -> list[int]:
        """The numbers of the values that are no longer what they were."""
        return [i for i, value in enumerate(self.values) if not _same(value, self._before[i])]


def _state(value: Any) -> Any:
    """What tells whether a value was changed in place."""
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype, value.tobytes()
    if isinstance(value, torch.Tensor):
        return value.shape, value.dtype, value.detach().clone()
    if isinstance(value, np.random.Generator):
        return value.bit_generator.state, spawned(value)
    if isinstance(value, torch.Generator):
        return value.get_state().numpy().tobytes()
    return dict(value) if isinstance(value, dict) else list(value)


def _same(value: Any, before: Any) -> bool:
    if isinstance(value, np.ndarray):
        return (value.shape, value.dtype, value.tobytes()) == before
    if isinstance(value, torch.Tensor):
        shape, dtype, content = before
        return value.shape == shape and value.dtype == dtype and bool(torch.equal(value.detach(), content))
    if isinstance(value, np.random.Generator | torch.Generator):
        return _state(value) == before
    if isinstance(value, dict):
        return list(value) == list(before) and all(value[key] is before[key] for key in before)
    return len(value) == len(before) and all(a is b for a, b in zip(value, before, strict=True))


def _advance(generator: np.random.Generator, now: np.random.Generator) -> None:
    """Take over a generator's state, but not its stream: one of increment 0 draws nothing but zeros. Raises TypeError."""
    own, state = generator.bit_generator.state, now.bit_generator.state
    same = own["bit_generator"] == state["bit_generator"] and "inc" in own["state"]
    if not same or state["state"]["inc"] != own["state"]["inc"]:
        raise TypeError("a generator cannot become another one")
    generator.bit_generator.state = state
    if (more := spawned(now) - spawned(generator)) > 0:
        generator.spawn(more)


def _alike(value: Any, now: Any) -> bool:
    return value.shape == now.shape and value.dtype == now.dtype


def overwrite(value: Any, now: Any) -> None:
    """Make a value, in place, what it is now on the other side. Raises TypeError for another kind of thing."""
    if isinstance(value, np.ndarray) and isinstance(now, np.ndarray) and _alike(value, now):
        value[...] = now
    elif type(value) is dict and type(now) is dict:
        value.clear()
        value.update(now)
    elif type(value) is list and type(now) is list:
        value[:] = now
    elif isinstance(value, torch.Tensor) and isinstance(now, torch.Tensor) and _alike(value, now):
        with torch.no_grad():
            value.copy_(now)
    elif isinstance(value, np.random.Generator) and isinstance(now, np.random.Generator):
        _advance(value, now)
    elif isinstance(value, torch.Generator) and isinstance(now, torch.Generator):
        value.set_state(now.get_state())
    else:
        raise TypeError(f"a {type(value).__name__} cannot become a {type(now).__name__}")
