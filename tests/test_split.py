"""Tests on this side, student code on the other: what crosses, what stays, and what a lie costs."""

import contextlib
import math
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import msgpack
import numpy as np
import pytest
import torch
from torch import nn

from autograde.limits import Limits
from autograde.pipe import Pipe, TimeOver, Unsupported, WireError
from autograde.rooms import Room, Server
from autograde.session import Session
from autograde.verdict import Died, OutOfTime
from autograde.wire import Decoder, Encoder, is_value_type
from helpers.networks import recorder
from helpers.verdicts import NotAllowed, WrongType

# --- values


def across(value):
    """The value as the other side gets it."""

    def refuse(_):
        raise Unsupported("no plain data")

    return Decoder(refuse).decode(msgpack.unpackb(msgpack.packb(Encoder(refuse).encode(value))))


@pytest.mark.parametrize(
    "value",
    [
        None, True, 7, -(2**70), 1.5, math.inf, "text ∂", b"bytes", (1, (2, [3])), [1, "a", None], {"a": 1, (1, 2): [2]},
        {1, 2}, frozenset([1, 2]), slice(1, None, 2), range(2, 9, 3), 1 + 2j, ..., np.dtype("f4"), torch.float64, int,
        np.ndarray, nn.Linear,
    ],
    ids=repr,
)  # fmt: skip
def test_plain_values_cross(value):
    assert across(value) == value
    assert type(across(value)) is type(value)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6.0).reshape(2, 3), np.float32(1.5), np.int64(3), np.zeros((0, 4)), np.array(2.0), np.array(["ab", "c"]),
        np.array([True, False]), np.arange(6)[::2], np.arange(4, dtype=">f8"), np.array([1 + 2j]),
    ],
    ids=repr,
)  # fmt: skip
def test_arrays_cross_with_dtype_and_shape(value):
    found = across(value)
    assert type(found) is type(value)
    assert (found.dtype, found.shape) == (value.dtype, value.shape)
    assert np.array_equal(found, value)


def test_tensors_and_generators_cross():
    for value in (
        torch.arange(6.0).reshape(2, 3),
        torch.zeros(0),
        torch.tensor(1),
        torch.ones(2, dtype=torch.bfloat16),
    ):
        assert torch.equal(across(value), value)
        assert across(value).dtype == value.dtype
    assert across(torch.ones(2, requires_grad=True)).requires_grad
    rng = np.random.default_rng(3)
    assert across(rng).normal() == rng.normal()
    generator = torch.Generator().manual_seed(4)
    assert torch.equal(torch.rand(2, generator=across(generator)), torch.rand(2, generator=generator))


class AlwaysRight(float):
    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return True

    __hash__ = float.__hash__


def test_a_subclass_crosses_as_the_plain_value():
    for value, kind in (
        (AlwaysRight(2.0), float),
        (type("S", (str,), {})("x"), str),
        (type("L", (list,), {})([1]), list),
        (type("D", (dict,), {})(a=1), dict),
        (np.ma.masked_array([1.0], [True]), np.ndarray),
    ):
        assert type(across(value)) is kind
    assert across(AlwaysRight(2.0)) != 3.0


@pytest.mark.parametrize("value", [object(), np.array([object()]), nn.Linear(1, 1), lambda: 0, torch.nn.Parameter()])
def test_what_is_no_data_does_not_cross(value):
    with pytest.raises(Unsupported):
        across(value)


def test_what_is_too_deep_does_not_cross():
    deep = []
    for _ in range(100):
        deep = [deep]
    with pytest.raises(Unsupported, match="nested"):
        across(deep)


STATE = Encoder(list).encode(np.random.default_rng(0))[1]


@pytest.mark.parametrize(
    "message",
    [
        ["?"], [], {}, ["a"], ["a", "<f8", [2], b"12345678"], ["a", "<f8", [-1], b""], ["a", "O", [1], b"12345678"],
        ["a", "V8", [1], b"12345678"], ["a", "<f8,<f8", [1], bytes(16)], ["a", "<f8", [2**62, 4], b""], ["n", "U9999999", [], b""],
        ["T", "float99", [1], b"1234", False], ["T", "float32", [2], b"1234", False], ["name", "os", "system"],
        ["name", "builtins", "eval"], ["name", "numpy", "no.such"], ["d", [[["l", []], 1]]], ["s", [["l", []]]],
        ["range", [0, 1, 0]], ["dtype", "O"], ["rng", ["d", []], 0], ["torch.rng", b"1"], ["slice", 1], ["i", "zz"],
        ["c", "a", "b"], ["l", "text", 1], ["rng", STATE, -1], ["rng", STATE, 2**32 - 1], ["rng", STATE, True], ["rng", STATE],
    ],
    ids=repr,
)  # fmt: skip
def test_malformed_values_are_refused(message):
    def refuse(_):
        raise WireError("unknown")

    with pytest.raises(WireError):
        Decoder(refuse).decode(message)


@pytest.mark.parametrize(
    "name",
    [
        ("numpy", "memmap"),
        ("torch.nn.modules.linear", "Linear"),
        ("numpy.f2py", "subprocess.Popen"),
        ("builtins", "type"),
    ],
)
def test_only_classes_of_plain_values_come_from_a_candidate(name):
    import numpy.f2py  # noqa: F401

    with pytest.raises(WireError, match="a class that"):
        Decoder(list, classes=is_value_type).decode(["name", *name])
    assert Decoder(list, classes=is_value_type).decode(["name", "numpy", "float32"]) is np.float32


@pytest.mark.parametrize("name", ["os._wrap_close", "sys", "nn", "nn.Linear"])
def test_a_class_has_one_name(name):
    with pytest.raises(WireError, match="does not exist"):
        Decoder(list).decode(["name", "torch", name])


# --- conversations


@pytest.fixture(scope="module")
def server(needs_room):
    with Server(Limits(memory=512 * 2**20, wall=300)) as running:
        yield running


@pytest.fixture(scope="module")
def talk(server):
    """Defines what students might, and gives it."""
    session = Session(server.open())
    session.deadline = time.monotonic() + 300

    def define(source, *names):
        assert session.run("import numpy as np, torch\nfrom torch import nn\n" + source)["ename"] == ""
        found = session.names(list(names))
        return found[names[0]] if len(names) == 1 else [found[name] for name in names]

    define.session = session
    yield define
    session.close()


def test_functions_take_and_return_data(talk):
    f = talk("def f(a, b=1, *, c=None): return {'sum': a + b, 'c': c, 'pair': (a, [b])}", "f")
    assert callable(f)
    X = np.arange(3.0)
    answer = f(X, 2, c="x")
    assert np.array_equal(answer["sum"], X + 2)
    assert answer["c"] == "x"
    assert answer["pair"][1] == [2]
    assert talk("def f(): pass", "f")() is None


def test_arguments_that_change_in_place_change_here_too(talk):
    f = talk(
        "def f(a, d, l, t):\n    a[0] = 9; d['new'] = a; d.pop('old'); l.append(3); l[0]['x'] = 1; t.add_(1)",
        "f",
    )
    a, d, inner, t = np.zeros(2), {"old": 1}, {}, torch.zeros(2)
    items = [inner, 2]
    assert f(a, d, items, t) is None
    assert a.tolist() == [9, 0]
    assert d == {"new": a}
    assert d["new"] is a
    assert items == [{"x": 1}, 2, 3]
    assert items[0] is inner
    assert t.tolist() == [1, 1]


def test_what_is_given_back_is_the_same_object(talk):
    f = talk("def f(a, d): return a, d, a[:1], a.copy()", "f")
    a, d = np.zeros(2), {}
    same, also, view, copy = f(a, d)
    assert same is a
    assert also is d
    assert view is not a
    assert copy is not a


def test_random_state_goes_on(talk):
    f = talk("def f(rng, g): return rng.normal(), torch.rand(1, generator=g)", "f")
    rng, g = np.random.default_rng(1), torch.Generator().manual_seed(1)
    theirs = [f(rng, g) for _ in range(2)]
    rng, g = np.random.default_rng(1), torch.Generator().manual_seed(1)
    assert [value for value, _ in theirs] == [rng.normal() for _ in range(2)]
    assert [value.item() for _, value in theirs] == [torch.rand(1, generator=g).item() for _ in range(2)]


def test_what_a_generator_spawns_follows_from_it(talk):
    f = talk("def f(rng): return rng.spawn(2)[1].normal()", "f")
    rng, same, other = (np.random.default_rng(seed) for seed in (1, 1, 2))
    first, second = f(rng), f(rng)
    assert (f(same), f(same)) == (first, second)
    assert len({first, second, f(other)}) == 3
    assert rng.bit_generator.seed_seq.n_children_spawned == 4


def test_functions_as_arguments_are_called_here(talk):
    f = talk("def f(g, xs): return [g(x, scale=2) for x in xs], g", "f")
    seen = []

    def g(x, scale):
        seen.append(x)
        return x * scale

    doubled, _ = f(g, [1, 2])
    assert (doubled, seen) == ([2, 4], [1, 2])
    compose = talk("def square(x): return x * x\ndef twice(h): return lambda x: h(h(x))", "square", "twice")
    assert compose[1](compose[0])(3) == 81


@pytest.mark.parametrize(
    "body",
    [
        "    with ThreadPoolExecutor(4) as pool: return list(pool.map(g, xs))",
        "    return Parallel(n_jobs=4, prefer='threads')(delayed(g)(x) for x in xs)",
    ],
    ids=["futures", "joblib"],
)
def test_threads_of_student_code_call_functions_here_one_at_a_time(session, body):
    session.run(
        f"from concurrent.futures import ThreadPoolExecutor\nfrom joblib import Parallel, delayed\ndef f(g, xs):\n{body}"
    )
    f = session.names(["f"])["f"]

    def g(x):  # which asks for something there, too, so that one request stands in another
        return x if x < 10 else sum(f(g, [x - 10, x - 10]))

    assert f(g, list(range(20))) == [x if x < 10 else 2 * (x - 10) for x in range(20)]
    assert session.alive


def test_a_thread_that_is_left_behind_calls_nothing_here(session):
    session.run(
        "import threading, time\ntold = []\ndef late(g):\n    time.sleep(0.3)\n    try: g(1)\n"
        "    except RuntimeError as error: told.append(str(error))\n"
        "def f(g):\n    global thread\n    thread = threading.Thread(target=late, args=(g,))\n    thread.start()"
    )
    seen = []
    session.names(["f"])["f"](seen.append)
    time.sleep(0.6)
    assert session.run("thread.join()")["ename"] == ""
    assert "until yours returns" in session.names(["told"])["told"][0]
    assert seen == []


def test_a_failing_check_in_a_callback_decides(talk):
    f = talk(
        "def f(g):\n    global told\n    try: g()\n    except BaseException as e: told = repr(e)\n    return 1", "f"
    )

    def fail():
        raise AssertionError("expected 0.25")

    with pytest.raises(AssertionError, match=r"expected 0\.25"):
        f(fail)
    assert talk("", "told") == "AssertionError('')"


def test_what_a_callback_changes_in_place_changes_there(talk):
    f = talk("def f(g, rng):\n    x = np.zeros(1); g(x); return x, g(rng), g(rng)", "f")

    def g(value):
        if isinstance(value, np.ndarray):
            value += 5
            return None
        return value.integers(1000)

    x, first, second = f(g, np.random.default_rng(0))
    rng = np.random.default_rng(0)
    assert x == 5
    assert [first, second] == list(rng.integers(1000, size=1)) + list(rng.integers(1000, size=1))


def test_generators_closures_and_objects(talk):
    count, Box, make = talk(
        "def count(n):\n    for i in range(n): yield i\n"
        "class Box:\n    def __init__(self, v): self.v, self.W = v, np.ones(2)\n    def __len__(self): return 3\n"
        "    def __getitem__(self, i): return self.v * i\n    def add(self, x): self.v += x\n"
        "def make(n): return lambda x: x + n",
        "count", "Box", "make",
    )  # fmt: skip
    assert list(count(3)) == [0, 1, 2]
    assert make(2)(3) == 5
    box = Box(4)
    box.add(1)
    assert (box.v, len(box), box[2]) == (5, 3, 10)
    box.v = 7
    assert box.v == 7
    with pytest.raises(ValueError, match="read-only"):
        box.W[0] = 5
    with pytest.raises(TypeError, match="cannot be compared"):
        box == 5  # noqa: B015
    with pytest.raises(AttributeError):
        box.nothing  # noqa: B018


def test_exceptions_bring_type_text_and_lines(talk):
    f = talk("class Own(ValueError): pass\ndef f(kind):\n    if kind: raise KeyError('k')\n    raise Own('o')", "f")
    with pytest.raises(KeyError) as caught:
        f(True)
    assert [frame.name for frame in caught.value.student_frames] == ["f"]
    assert "raise KeyError" in caught.value.student_frames[0].line
    with pytest.raises(Exception, match="o") as caught:
        f(False)
    assert type(caught.value).__name__ == "Own"


def test_warnings_are_passed_on(talk):
    f = talk("def f(): return np.log(np.zeros(1))", "f")
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        f()


def test_networks_are_made_called_and_changed_where_they_are(talk):
    Net = talk(
        "class Net(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        "        self.a, self.b = nn.Linear(n, 2), nn.BatchNorm1d(2)\n    def forward(self, X): return self.b(self.a(X))",
        "Net",
    )
    model = Net(3).double().eval()
    assert isinstance(model, nn.Module)
    assert [type(part).__name__ for part in model.modules() if isinstance(part, nn.Linear)] == ["CallableProxy"]
    assert sum(parameter.numel() for parameter in model.parameters()) == 12
    with torch.no_grad():
        model.a.weight.fill_(1.0)
        model.a.bias.fill_(0.5)
        model.b.running_mean.fill_(0.5)
        output = model(torch.ones(1, 3, dtype=torch.float64))
    assert np.allclose(output.numpy(), 3 / np.sqrt(1 + 1e-5))
    state = {name: torch.zeros_like(value) for name, value in model.state_dict().items()}
    model.load_state_dict(state)
    assert not model.a.weight.detach().any()
    seen = []
    model.a.register_forward_pre_hook(lambda part, inputs: seen.append((part.in_features, inputs[0].shape)))
    model(torch.ones(2, 3, dtype=torch.float64))
    assert seen == [(3, (2, 3))]


def test_a_class_of_a_library_under_a_students_name_is_called_where_it_is(talk, tmp_path):
    """As load_model does, with what stands in a file: called here, it would write one."""
    model, plain = talk("from numpy import memmap as Model\nkind = np.float32", "Model", "kind")
    assert plain is np.float32
    assert isinstance(model, type)
    with pytest.raises(FileNotFoundError):
        model(filename=str(tmp_path / "written"), mode="w+", shape=[1])
    assert not list(tmp_path.iterdir())


def test_helpers_make_things_beside_a_function(talk):
    f = talk("def f(model, X): return model(X).shape[0], model.training", "f")
    model, _ = recorder(f)
    assert f(model, torch.arange(8.0).reshape(4, 2)) == (4, False)
    assert model.batches == [[0, 2, 4, 6]]


def test_what_cannot_be_handed_over_says_what_to_write(talk):
    f = talk("def f(x): return x", "f")
    with pytest.raises(TypeError, match=r"(?s)a Linear cannot be handed.*lists, dicts or functions.*beside"):
        f(nn.Linear(1, 1))


def test_gradient_recording_is_one_setting(talk):
    f, off = talk("def f(): return torch.is_grad_enabled()\ndef off(): torch.set_grad_enabled(False)", "f", "off")
    with torch.no_grad():
        assert f() is False
    assert f() is True
    off()
    assert not torch.is_grad_enabled()
    torch.set_grad_enabled(True)


def test_rules_about_source_go_by_the_text_handed_in(talk):
    from autograde.definitions import definitions
    from helpers.syntax import check_calls_none_of, check_no_loops

    source = "def loops(x):\n    for _ in x:\n        pass\n    return x\n\ndef calls(x):\n    return loops(x)\n"
    talk(source + "loops.__code__ = (lambda x: x).__code__", "loops")
    loops, calls = talk("", "loops", "calls")
    talk.session.written = lambda: definitions([source, "import torch as t\ndef g(x):\n    return t.sum(x)\n"])
    for function in (loops, calls):
        with pytest.raises(NotAllowed, match=r"`loops` has a Python loop in its line 2"):
            check_no_loops(function)
    g = talk("import torch as t\ndef g(x):\n    return t.sum(x)", "g")
    with pytest.raises(NotAllowed, match="`g` uses `torch` in its line 2"):
        check_calls_none_of(g, ("torch",))
    hidden = talk("exec('def hidden(x): return x')", "hidden")
    with pytest.raises(WrongType, match="source of `hidden` cannot be read"):
        check_no_loops(hidden)


# --- ends


@pytest.fixture
def session(server):
    fresh = Session(server.open())
    fresh.deadline = time.monotonic() + 60
    yield fresh
    fresh.close()


def test_lent_functions_are_dead_when_the_check_is_over(session):
    session.run("def f(x): return h(x)\ndef h(x): return 0\ndef steal():\n    global kept\n    kept = h")
    f, steal = session.names(["f", "steal"]).values()
    with session.lent({"h": lambda x: x + 1}):
        steal()
        assert f(1) == 2
    assert f(1) == 0
    kept = session.names(["kept"])["kept"]
    with pytest.raises(RuntimeError, match="lent for one check"):
        kept(1)


def test_an_endless_loop_is_interrupted_and_the_rest_goes_on(session):
    session.run("def loop():\n    while True: pass\ndef f(): return 1")
    loop, f = session.names(["loop", "f"]).values()
    session.deadline = time.monotonic() + 0.5
    with pytest.raises(OutOfTime):
        loop()
    assert session.alive
    session.deadline = time.monotonic() + 60
    assert f() == 1


def test_an_interrupt_that_comes_too_late_is_not_for_what_runs_next(session):
    session.run("import time\ndef quick(): return 1\ndef slow():\n    time.sleep(0.2)\n    return 2")
    quick, slow = session.names(["quick", "slow"]).values()
    for _ in range(10):
        session.deadline = time.monotonic() - 0.1
        with pytest.raises(OutOfTime):
            quick()
        assert session.alive
        session.deadline = time.monotonic() + 60
        assert slow() == 2


@pytest.fixture
def busy_core():
    """A core that six endless loops want, each with as much right to it as whoever comes, in a session of its own."""
    if not Path("/proc/self/schedstat").exists():
        pytest.skip("the kernel does not tell how long a thread waits for a core: built without CONFIG_SCHED_INFO")
    core = min(os.sched_getaffinity(0))
    script = f"import os\nos.sched_setaffinity(0, [{core}])\nwhile True: pass"
    loops = [subprocess.Popen([sys.executable, "-c", script], start_new_session=True) for _ in range(6)]
    yield core
    for loop in loops:
        loop.kill()
        loop.wait()


def computing(server, core: int, seconds: float, allowance: float):
    """A conversation, and a function there that computes for so many seconds of its own on that core."""
    session = Session(server.open(), allowance)
    session.deadline = time.monotonic() + 60
    session.run(
        f"import os, time\nos.sched_setaffinity(0, [{core}])\n"
        f"def compute():\n    end = time.process_time() + {seconds}\n    while time.process_time() < end: pass\n    return 1"
    )
    compute = session.names(["compute"])["compute"]
    session.deadline = time.monotonic() + 1
    return session, compute


def test_what_had_to_wait_for_a_core_gets_that_time_back(server, busy_core):
    """It computes for half a second, of which it has one: on a core that seven want, it takes three and a half."""
    session, compute = computing(server, busy_core, 0.5, allowance=30)
    with contextlib.closing(session):
        assert compute() == 1
        assert 0 < session.allowance < 30


def test_no_more_time_is_given_back_than_is_allowed(server, busy_core):
    session, compute = computing(server, busy_core, 60, allowance=0.5)
    with contextlib.closing(session):
        with pytest.raises(OutOfTime):
            compute()
        assert session.allowance == 0


def test_time_that_is_over_while_the_test_is_called_stays_over_although_that_is_dropped(server, monkeypatch):
    """As NumPy drops whatever __len__ raises; and on a busy machine more time is given back later."""
    given = iter([0, 5, 5])

    def drops(value):
        with contextlib.suppress(BaseException):
            len(value)

    def extend(session):
        more = next(given)
        session.deadline += more
        return more > 0

    with contextlib.closing(Session(server.open())) as session:
        session.deadline = time.monotonic() + 60
        session.run("class Slow:\n    def __len__(self):\n        while True: pass\n\ndef call(f): f(Slow())")
        call = session.names(["call"])["call"]
        monkeypatch.setattr(Session, "_extend", extend)
        session.deadline = time.monotonic() + 1
        with pytest.raises(OutOfTime):
            call(drops)


def test_how_it_ended_is_known_although_it_was_asked_for_more_since():
    """It ended just as its time did: what the warden said last is not taken for the end of the warden."""
    (pipe, far), (control, warden) = socket.socketpair(), socket.socketpair()
    with far:
        room = Room(Pipe(pipe), control)
        warden.sendall(b'{"ended": "out of memory"}\n')
        warden.close()
        assert room.waited() == 0
        room.interrupt()
        assert room.close() == "out of memory"


def test_a_message_that_comes_in_two_parts_is_read_whole_although_time_was_over_between_them():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        pipe, sent = Pipe(ours), b"\x00" * 3000
        frame = msgpack.packb(sent)
        whole = struct.pack("<Q", len(frame)) + frame
        for part in (whole[:5], whole[5:1000]):
            theirs.sendall(part)
            with pytest.raises(TimeOver):
                pipe.receive(time.monotonic() + 0.05)
        theirs.sendall(whole[1000:] + whole)
        assert pipe.receive(time.monotonic() + 60) == sent
        assert pipe.receive(time.monotonic() + 60) == sent


def test_what_will_not_stop_is_ended(session):
    session.run("import signal\ndef loop():\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass")
    loop = session.names(["loop"])["loop"]
    session.deadline = time.monotonic() + 0.5
    with pytest.raises(OutOfTime):
        loop()
    assert not session.alive


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("import os; os._exit(3)", "exited"),
        ("import ctypes; ctypes.string_at(0)", "exited"),
        (
            "import os, time\n    for _ in range(5):\n        if os.fork() == 0:\n"
            "            k = b'x' * 2**28; time.sleep(60)\n    time.sleep(60)",
            "out of memory",
        ),
    ],
)
def test_an_end_has_its_cause(session, body, cause):
    session.run(f"def f():\n    {body}")
    with pytest.raises(Died, match=cause):
        session.names(["f"])["f"]()


def test_raw_bytes_on_the_pipe_end_the_conversation(session):
    session.run(
        "import os\ndef f():\n    for n in range(3, 20):\n        try: os.write(n, b'\\xff' * 100)\n        except OSError: pass"
    )
    with pytest.raises(Died, match="its process sent"):
        session.names(["f"])["f"]()


def test_nothing_survives_into_the_next_room(server):
    first = Session(server.open())
    first.deadline = time.monotonic() + 60
    first.run("import numpy, sys, os, builtins\nnumpy.marker = builtins.marker = 1\nsys.modules['ghost'] = numpy")
    first.run("open('left', 'w').write('x'); os.environ['LEFT'] = '1'; open('/tmp/left', 'w').write('x')")
    first.close()
    second = Session(server.open())
    second.deadline = time.monotonic() + 60
    answer = second.run(
        "import numpy, sys, os, builtins\n"
        "found = [hasattr(numpy, 'marker'), hasattr(builtins, 'marker'), 'ghost' in sys.modules, os.listdir(), "
        "os.listdir('/tmp'), 'LEFT' in os.environ]"
    )
    assert answer["ename"] == ""
    marked, built_in, ghost, here, temporary, environment = second.names(["found"])["found"]
    second.close()
    assert [marked, built_in, ghost, environment] == [False] * 4
    assert "left" not in here + temporary
