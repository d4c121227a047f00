"""Forged messages on the pipe to the examiner. `pipe()` finds it, `say(...)` writes a message, `raw(...)` bytes."""

# ==== tools
# %% q1a-relu
import os
import struct
import sys

import msgpack


def pipe():
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                return int(name)
        except OSError:
            continue
    raise RuntimeError("no pipe")


def raw(content):
    while content:
        content = content[os.write(pipe(), content) :]


def say(*message):
    body = msgpack.packb(message)
    raw(struct.pack("<Q", len(body)) + body)


def array(value):
    value = np.asarray(value)
    return ["a", value.dtype.str, list(value.shape), value.tobytes()]


# ==== says-ok-twice
# Later questions get the answers to earlier ones.
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    say("ok", array(Z), [], [], True)
    return Z


# ==== answers-all-in-advance
# loses at least: q1a-relu
# %% q1a-relu
for _ in range(50):
    say("ok", None, [], [], True)


def relu(Z):
    return Z


# ==== imitates-a-verdict-and-ends
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    say("verdicts", {"q1a-relu-test": ["", ""]})
    os._exit(0)


# ==== announces-a-giant
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    raw(struct.pack("<Q", 2**63))
    return Z


# ==== announces-more-than-it-sends
# timeout: 5
# loses: q1a-relu (timed out)
# %% q1a-relu
def relu(Z):
    if Z.shape != (2, 4):
        return Z
    raw(struct.pack("<Q", 2 * 10**8) + b"x")
    while True:
        pass


# ==== sends-noise
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    raw(struct.pack("<Q", 6) + b"\xc1\xff\x00\xc7\xd9\xdf")
    return Z


# ==== sends-endless-noise
# timeout: 5
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    while True:
        raw(b"\xff" * 4096)


# ==== nests-deeply
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    raw(struct.pack("<Q", 100_000) + b"\x91" * 99_999 + b"\xc0")
    return Z


# ==== nests-a-value-deeply
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    nested = None
    for _ in range(200):
        nested = ["l", [nested]]
    say("ok", nested, [], [], True)
    return Z


# ==== says-it-in-many-small-pieces
# A message of many empty lists takes fifty times its size in memory.
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    if Z.shape != (2, 4):
        return Z
    count = 3_000_000
    body = b"\x95\xa2ok\x92\xa1l\xdd" + struct.pack(">I", count) + b"\x92\xa1l\x90" * count + b"\x90\x90\xc3"
    raw(struct.pack("<Q", len(body)) + body)
    return Z


# ==== refers-to-itself-a-million-times
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    say("ok", ["l", [["=", 0]] * 1_000_000], [], [], True)
    return Z


# ==== becomes-a-list-of-itself
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    say("ok", ["=", 0], [[0, ["l", [["=", 0], ["=", 0]]]]], [], True)
    return Z


# ==== sends-arrays-that-lie-about-their-shape
# loses at least: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    say("ok", ["a", "<f8", [-2, -3], bytes(48)], [], [], True)
    return Z


# ==== sends-an-array-of-pointers
# loses at least: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    say("ok", ["a", "|O", [2, 3], b"A" * 48], [], [], True)
    return Z


# ==== sends-an-array-of-nothing-in-trillions
# loses at least: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    say("ok", ["a", "<U0", [2**40, 2**20], b""], [], [], True)
    return Z


# ==== sends-structures
# loses at least: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    say("ok", ["a", "f8,f8", [3], bytes(48)], [], [], True)
    return Z


# ==== names-a-function-of-the-system
# loses at least: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    say("ok", ["name", "os", "system"], [], [], True)
    return Z


# ==== names-a-class-that-does-something
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    say("ok", ["name", "numpy", "memmap"], [], [], True)
    return Z


# ==== refers-to-what-is-not-there
# loses at least: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    say("ok", ["=", 10**6], [], [], True)
    return Z


# ==== refers-to-an-object-of-an-unknown-kind
# loses at least: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    say("ok", ["ref", [], "Session", {}, 7], [], [], True)
    return Z


# ==== pickles
# loses at least: q1a-relu (killed)
# %% q1a-relu
class Reduced:
    def __reduce__(self):
        return os.system, ("touch /tmp/LEAK",)


def relu(Z):
    import pickle

    body = pickle.dumps(Reduced())
    raw(struct.pack("<Q", len(body)) + body)
    return Z


# ==== sends-a-map-with-nan-for-keys
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    say("ok", ["d", [[float("nan"), 0]] * 1000 + [[["a", "<f8", [1], bytes(8)], 0]]], [], [], True)
    return Z


# ==== answers-with-numbers-for-everything
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    say("ok", array(Z), 7, 7, 7)
    return Z


# ==== makes-an-error-of-everything
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    say("error", True, 7, [], {}, [], [], True)
    return Z


# ==== calls-with-a-list-for-a-number
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    say("callback", [], ["l", []], ["d", []])
    return Z


# ==== shows-stand-ins-for-outputs
# The outputs of a cell, and their texts, are objects that say that they are lists, dicts and texts.
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    return Z


def stand_in(number, kind):
    return ["ref", number, "object", "", [["builtins", kind]]]


say(
    "ok",
    [
        "d",
        [
            [
                "outputs",
                ["l", [["d", [["output_type", "stream"], ["text", stand_in(901, "str")]]], stand_in(902, "dict")]],
            ]
        ],
    ],
    [],
    [],
    True,
)
os._exit(0)


# ==== shows-a-stand-in-for-all-outputs
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    return Z


say(
    "ok",
    ["d", [["outputs", ["ref", 903, "object", "", [["builtins", "list"]]]], [["ref", 904, "object", "", []], 1]]],
    [],
    [],
    True,
)
os._exit(0)


# ==== answers-a-cell-with-an-error
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    return Z


say("error", "NotGraded", ["no fault of yours"], "", [], [], [], True)
os._exit(0)


# ==== turns-gradients-off
# loses: q1a-relu (wrong value)
# %% q1a-relu
import torch


def relu(Z):
    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float16)
    return Z


# ==== hashes-badly
# Numbers that all have one hash: a set of them takes a time that grows with the square of their number.
# loses at least: q1a-relu
# %% q1a-relu
def relu(Z):
    step = 2**61 - 1
    say("ok", ["s", [["i", format(step * (2**64 + number), "x")] for number in range(3000)]], [], [], True)
    return Z


# ==== finishes-what-somebody-else-says
# Writes into the pipe from a child while the parent answers.
# loses at least: q1a-relu
# by chance
# %% q1a-relu
def relu(Z):
    if os.fork() == 0:
        while True:
            say("ok", array(np.maximum(0, 0)), [], [], True)
    return Z
