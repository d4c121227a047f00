"""What a candidate that lies may send: values, messages, bytes, outputs."""

import socket
import struct
import time
import warnings

import msgpack
import numpy as np
import torch
from hypothesis import strategies as st

from autograde.ledger import Ledger, overwrite
from autograde.pipe import Closed, Pipe, TimeOver, Unsupported, WireError
from autograde.proxies import CallableProxy, Proxy, StudentError
from autograde.session import Session
from autograde.shown import LARGEST, checked
from autograde.verdict import Died, OutOfTime
from autograde.wire import Decoder, Encoder, is_value_type
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.mutations import mutated_bytes, mutated_json, one_of, texts

# --- values that cross

_numbers = st.one_of(st.integers(), st.floats(), st.booleans(), st.complex_numbers())
_kinds = st.sampled_from(["f8", "f4", "f2", ">i4", "i8", "u1", "b1", "c16", "<U3", "S2", ">f8"])


def _array(kind: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    raw = np.random.default_rng(seed).bytes(np.dtype(kind).itemsize * int(np.prod(shape)))
    if kind in ("b1", "<U3"):
        return np.zeros(shape, kind)
    return np.frombuffer(raw, kind).reshape(shape)


arrays = st.builds(_array, _kinds, st.lists(st.integers(0, 3), max_size=4).map(tuple), st.integers(0, 99))
tensors = st.sampled_from(["f8", "f4", "i8", "u1", "b1", "c16"]).flatmap(
    lambda kind: st.lists(st.integers(0, 3), max_size=4).map(
        lambda shape: torch.from_numpy(_array(kind, tuple(shape), 7).copy())
    )
)
_keys = st.one_of(st.integers(), texts.filter(lambda text: text.isascii()), st.booleans(), st.none())
plain = st.recursive(
    st.one_of(
        _numbers,
        _keys,
        st.binary(max_size=9),
        arrays,
        tensors,
        st.just(...),
        st.sampled_from([np.float32, int, torch.float64]),
        st.builds(slice, st.integers(), st.none(), st.integers()),
        st.builds(range, st.integers(0, 9), st.integers(0, 99)),
        arrays.filter(lambda a: a.size > 0).map(lambda array: array.reshape(-1)[0]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(_keys, inner, max_size=3),
        st.sets(st.integers(), max_size=3),
        st.frozensets(_keys, max_size=3),
    ),
    max_leaves=10,
)


def _same(one: object, other: object) -> bool:
    """Equal in value and kind, nan and nan too."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return len(one) == len(other) and all(map(_same, one.items(), other.items()))
    if isinstance(one, torch.Tensor):
        return one.shape == other.shape and one.dtype == other.dtype and _same(one.numpy(), other.numpy())
    if isinstance(one, np.ndarray | np.generic):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other) or one != one
    if isinstance(one, complex):
        return _same(one.real, other.real) and _same(one.imag, other.imag)
    return one == other


def _refuse(_value: object) -> list:
    raise WireError("no plain data")


@fuzz(plain, examples=100)
def test_what_is_written_is_read(value):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        message = Encoder(_refuse, classes=is_value_type).encode(value)
    crossed = msgpack.unpackb(msgpack.packb(message, unicode_errors="replace"), unicode_errors="replace")
    assert _same(Decoder(_refuse, classes=is_value_type).decode(crossed), value)


# --- values that a liar writes

_STATE = Encoder(list).encode(np.random.default_rng(0))
_HONEST = [
    Encoder(list).encode(value)
    for value in (
        {"a": [1, (2.5, None)], "b": {1, 2}},
        np.arange(6.0).reshape(2, 3),
        torch.ones(2, 3, requires_grad=True),
        2**80,
        1j,
        slice(1, 2),
        range(3),
        ...,
        np.float32(1),
        np.array(["ab", "c"]),
        np.dtype("f4"),
        torch.float32,
        np.float64,
        int,
    )
]
_HONEST += [
    _STATE,
    ["=", 0],
    ["ref", 3, "callable", "f", [["builtins", "function"]]],
    ["ref", 4, "class", "A", [["torch.nn", "Module"]]],
    ["torch.rng", torch.Generator().get_state().numpy().tobytes()],
    ["name", "numpy", "memmap"],
    ["name", "torch", "os"],
]
_tags = st.sampled_from(
    [
        "l",
        "t",
        "s",
        "z",
        "d",
        "a",
        "n",
        "T",
        "slice",
        "rng",
        "torch.rng",
        "range",
        "i",
        "c",
        "...",
        "dtype",
        "torch.dtype",
        "name",
        "=",
        "ref",
        "function",
        "?",
    ]
)
_data = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(),
    texts.filter(lambda t: t.isprintable()),
    st.binary(max_size=40),
    st.sampled_from(
        [
            "<f8",
            "U0",
            "S0",
            "O",
            "V3",
            "f8,f8",
            "float32",
            "bool",
            "(2,)f8",
            "M8[s]",
            "U9999",
            "builtins",
            "torch",
            "numpy",
            "type",
            "Tensor",
            "nn.Module",
            "callable",
            "class",
            "object",
            "PCG64",
            "MT19937",
        ]
    ),
)
_ARRAY_KINDS = st.sampled_from(["bool", "?", "<f8", "float32", "int64", "U0", "S0", "<U2", "O", "V3", "f8,f8", "M8[s]"])


def _array_message(tag: str, kind: object, shape: list[int], content: bytes) -> list:
    return [tag, kind, shape, content, *([False] if tag == "T" else [])]


def _array_of(tag: str, kind: str, content: bytes) -> list:
    """An array that is as large as it says."""
    size = np.dtype(kind).itemsize or 1
    count = len(content) // size
    return _array_message(tag, kind, [count] if tag != "n" or count != 1 else [], content[: count * size])


def _within(count: int, tag: str) -> object:
    """Sequences within each other."""
    value: object = 1
    for _ in range(count):
        value = [tag, [value]]
    return value


#: Messages of all shapes, deep ones and lists of the right length with the wrong things among them.
messages = st.one_of(
    one_of(*_HONEST, mutate=lambda message: _mutated(message)),
    st.recursive(
        _data,
        lambda inner: st.one_of(
            st.lists(inner, max_size=5),
            st.tuples(_tags, inner, inner).map(list),
            st.tuples(_tags, inner).map(list),
            st.dictionaries(st.text(max_size=3), inner, max_size=2),
        ),
        max_leaves=12,
    ),
    st.tuples(st.integers(1, 600), _tags).map(lambda how: _nested(*how)),
    st.builds(_within, st.integers(1, 200), st.sampled_from("ltz")),
    st.builds(
        _array_message,
        st.sampled_from("anT"),
        _data,
        st.lists(st.integers(-1, 2**63), max_size=99),
        st.binary(max_size=64),
    ),
    st.builds(_array_of, st.sampled_from("anT"), _ARRAY_KINDS, st.binary(max_size=64)),
)


def _mutated(message: object) -> st.SearchStrategy:
    """Some nodes replaced, then what msgpack cannot hold left out."""
    if not isinstance(message, list):
        return _data
    plain_message = _without_bytes(message)
    return mutated_json(plain_message, most=3).map(_packable)


def _without_bytes(value: object) -> object:
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    return [_without_bytes(item) for item in value] if isinstance(value, list | tuple) else value


def _packable(value: object) -> object:
    if isinstance(value, dict):
        if set(value) == {"bytes"} and isinstance(value["bytes"], str):
            try:
                return bytes.fromhex(value["bytes"])
            except ValueError:
                return b"?"
        return {str(key): _packable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_packable(item) for item in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return 2**63
    return str(value) if isinstance(value, str) else value


def _nested(count: int, tag: str) -> object:
    value: object = 1
    for _ in range(count):
        value = [tag, [value], value if count < 4 else 1]
    return value


def _is_inert(kind: type) -> bool:
    return issubclass(kind, np.generic) or (kind.__module__ == "builtins" and kind is not type)


def _crossed(message: object) -> object:
    return msgpack.unpackb(
        msgpack.packb(message, unicode_errors="replace"), unicode_errors="replace", strict_map_key=False
    )


def _depth(value: object) -> int:
    """How many sequences lie within each other, along their first items."""
    count = 0
    while isinstance(value, list | tuple | set | frozenset) and value:
        value, count = next(iter(value)), count + 1
    return count


def _parts(value: object) -> list:
    return [value, *value] if isinstance(value, list | tuple | set | frozenset) else [value]


@fuzz(messages, examples=150)
def test_a_malformed_value_is_a_wire_error_and_nothing_else(message):
    try:
        message = _crossed(message)
    except ValueError:  # deeper than msgpack goes
        return
    noted: list = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = Decoder(_refuse, noted.append, is_value_type).decode(message)
    except WireError:
        return
    assert not isinstance(value, type) or _is_inert(value)
    assert _depth(value) < 50
    for part in _parts(value):
        if isinstance(part, np.ndarray | np.generic):
            assert part.dtype.kind in "biufcUS"
        if isinstance(part, np.dtype):
            assert part.kind in "biufcUS"
        if isinstance(part, np.ndarray | torch.Tensor) and str(part.dtype).endswith("bool"):
            assert set(np.asarray(part).tobytes()) <= {0, 1}


# --- conversations


class Liar:
    """A room whose candidate answers what it is told to, whatever it is asked."""

    def __init__(self, answers: list) -> None:
        ours, theirs = socket.socketpair()
        self.pipe, self._answers = Pipe(ours), list(answers)
        theirs.setblocking(False)
        for answer in self._answers:
            body = answer if isinstance(answer, bytes) else _frame(answer)
            try:
                theirs.send(body)
            except OSError:
                break
        theirs.shutdown(socket.SHUT_WR)
        self._theirs, self.closed = theirs, False

    def interrupt(self) -> None:
        """Nothing: it does not listen."""

    def waited(self) -> float:
        return 0.0

    def close(self, *, gone: bool) -> str:  # noqa: ARG002
        self.closed = True
        return "exited"

    def end(self) -> None:
        self.pipe.close()
        self._theirs.close()


def _frame(message: object) -> bytes:
    try:
        body = msgpack.packb(message, unicode_errors="replace")
    except ValueError:
        body = b"\xc1"
    return struct.pack("<Q", len(body)) + body


_ANSWERS = [
    ["ok", 1.5, [], [], True],
    ["ok", ["ref", 3, "callable", "f", [["builtins", "function"]]], [[1, ["l", [1, 2]]]], ["careful"], False],
    ["ok", ["d", [["f", ["ref", 3, "callable", "f", [["builtins", "function"]]]], ["x", 1]]], [], [], True],
    [
        "ok",
        1,
        [[0, ["d", []]], [1, Encoder(list).encode(np.ones(3))], [2, Encoder(list).encode(torch.ones(2))], [3, _STATE]],
        [],
        1,
    ],
    ["ok", ["d", [["f", ["name", "numpy", "memmap"]], ["g", 1]]], [], [], True],
    ["ok", ["name", "numpy", "memmap"], [], [], True],
    ["ok", 1, [[4, _STATE]], [], True],
    ["error", "ValueError", ["text"], "text", [["f", 3, "x = 1"]], [], [], True],
    ["error", "Mine", [1.0], "", [], [], [], True],
    ["callback", 0, ["l", [1.0]], ["d", []]],
    ["callback", 0, ["l", [["l", [1]], Encoder(list).encode(np.ones(3))]], ["d", [["key", 1]]]],
]
_answer = st.one_of(
    st.builds(lambda number, value: ["ok", 1, [[number, value]], [], True], st.integers(-9, 9), messages),
    st.integers(0, 9).map(lambda number: ["ok", 1, [[number, _STATE]], [], True]),
    one_of(*_ANSWERS, mutate=lambda message: _mutated(message)),
    st.tuples(st.just("ok"), messages, st.just([]), st.just([]), st.just(True)).map(list),
    st.tuples(st.just("ok"), st.just(1), messages, st.just([]), st.just(True)).map(list),
    st.tuples(st.just("callback"), st.just(0), messages, messages).map(list),
    messages,
    one_of(*(_frame(answer) for answer in _ANSWERS), mutate=mutated_bytes),
)
#: What a conversation may end with: what student code raised, of whatever class Python has, or the end of it.
_ENDS = (StudentError, Died, OutOfTime, Unsupported)


@fuzz(st.lists(_answer, min_size=1, max_size=4), st.sampled_from(["call", "names", "run", "get"]), examples=150)
def test_a_lying_candidate_ends_itself_and_nobody_else(answers, what):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        room = Liar(answers)
        try:
            converse(room, what)
        finally:
            room.end()
            torch.set_grad_enabled(True)


def converse(room: Liar, what: str) -> None:
    """One request of each kind; raises what no test would understand."""
    session = Session(room)
    session.deadline = time.monotonic() + 20
    array, tensor, rng, called = np.arange(3.0), torch.arange(2.0), np.random.default_rng(1), []
    own = {"array": array, "tensor": tensor, "rng": rng}
    inc = rng.bit_generator.state["state"]["inc"]
    proxy = CallableProxy.__new__(CallableProxy)
    for fact, value in {"_session": session, "_number": 1, "__name__": "f", "_class": None, "_kind": "f"}.items():
        object.__setattr__(proxy, fact, value)
    try:
        if what == "call":
            value = proxy([1, [2]], own, lambda *a, **k: called.append((a, k)))
            assert not isinstance(value, type) or isinstance(value, Proxy) or _is_inert(value)
        elif what == "names":
            value = session.names(["f", "x"])
            assert set(value) <= {"f", "x"}
            for one in value.values():
                assert not isinstance(one, type) or isinstance(one, Proxy) or _is_inert(one)
        elif what == "run":
            checked(session.run("x = 1").get("outputs"), 1000)
        else:
            value = proxy.attribute
            repr(value)
    except _ENDS:
        pass
    except Exception as error:
        # An exception of Python's own, as student code would raise it: it says so, and is not too long to show.
        assert hasattr(error, "student_frames"), repr(error)
        assert len(str(error)) < 10_000
    assert (array.dtype, array.shape, tensor.dtype, tensor.shape) == (np.float64, (3,), torch.float32, (2,))
    assert rng.bit_generator.state["state"]["inc"] == inc
    object.__setattr__(proxy, "_session", None)
    assert session.alive != room.closed


@fuzz(st.lists(messages, max_size=3), examples=60)
def test_what_changed_over_there_is_taken_over_or_refused(news):
    ledger = Ledger()
    for value in (np.ones(3), torch.ones(2), [1], {"a": 1}, np.random.default_rng(1), torch.Generator()):
        ledger.note(value)
    for message in news:
        try:
            new = Decoder(_refuse, classes=is_value_type).decode(_crossed(message))
        except (WireError, ValueError):
            continue
        for value in ledger.values:
            try:
                overwrite(value, new)
            except TypeError:
                continue
    ledger.changed()


@fuzz(
    st.one_of(
        one_of(*(_frame(answer) for answer in _ANSWERS), mutate=mutated_bytes),
        st.binary(max_size=200).map(lambda body: struct.pack("<Q", len(body)) + body),
        st.integers(0, 2**64 - 1).map(lambda length: struct.pack("<Q", length) + b"\xdd" * 20),
        st.integers(1, 500).map(lambda count: _raw(b"\xdd\x00\x0f\xff\xff" * count)),
        st.integers(1, 500).map(lambda count: _raw(b"\x91" * count + b"\xc0")),
        st.integers(1, 500).map(lambda count: _raw(b"\xdf\x00\x0f\xff\xff" * count)),
    ),
    examples=60,
    memory=600,
)
def test_bytes_on_the_pipe_are_a_message_or_an_end(content):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(content)
        theirs.shutdown(socket.SHUT_WR)
        try:
            Pipe(ours).receive(time.monotonic() + 20)
        except (WireError, Closed, TimeOver):
            pass


def _raw(body: bytes) -> bytes:
    return struct.pack("<Q", len(body)) + body


# --- what a cell showed

_SHOWN = [
    [
        {"output_type": "stream", "name": "stdout", "text": "a"},
        {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["a"]},
        {"output_type": "display_data", "data": {"text/plain": "1", "image/png": "aaaa", "text/html": "<b>"}},
        {"output_type": "execute_result", "data": {"text/markdown": "# a"}},
    ]
]


@fuzz(st.one_of(one_of(*_SHOWN, mutate=mutated_json).map(_packable), messages), st.integers(0, LARGEST))
def test_outputs_are_nbformats_and_within_their_bounds(items, budget):
    import nbformat

    found, left = checked(items, budget)
    assert 0 <= left <= budget
    assert sum(len(str(output)) for output in found[:-1]) <= budget
    cell = nbformat.v4.new_code_cell("", outputs=found)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
