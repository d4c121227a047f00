"""Ending, hanging, and using up what there is. The rest of the notebook must be judged all the same."""


# ==== exits-when-called
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    import os

    os._exit(0)


# ==== aborts
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    import os

    os.abort()


# ==== reads-address-zero
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    import ctypes

    return ctypes.string_at(0)


# ==== kills-everybody
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    import os
    import signal

    for target in (os.getppid(), -1, 1):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            continue
    os.killpg(0, signal.SIGKILL)
    os._exit(0)


# ==== stops-itself
# timeout: 5
# loses: q1a-relu (timed out)
# %% q1a-relu
def relu(Z):
    if Z.shape != (2, 4):
        return Z
    import os
    import signal

    if os.fork():
        signal.pause()
    while True:
        os.kill(os.getppid(), signal.SIGSTOP)


# ==== ignores-the-interrupt
# timeout: 5
# loses: q1a-relu (timed out)
# %% q1a-relu
def relu(Z):
    if Z.shape != (2, 4):
        return Z
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


# ==== hangs-in-a-cell
# timeout: 5
# loses: q1a-relu (not defined), q1c-vectorised
# %% q1a-relu
import signal

signal.pthread_sigmask(signal.SIG_BLOCK, set(range(1, 32)))
while True:
    pass


# ==== hangs-in-a-destructor
# timeout: 5
# loses: q1a-relu
# %% q1a-relu
class Sticky:
    def __del__(self):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                continue


def relu(Z):
    if Z.shape != (2, 4):
        return Z
    Sticky()
    return Z


# ==== hangs-when-it-is-garbage
# timeout: 5
# loses: q1a-relu
# %% q1a-relu
import gc


class Cycle:
    def __init__(self):
        self.own = self

    def __del__(self):
        while True:
            pass


def relu(Z):
    if Z.shape != (2, 4):
        return Z
    Cycle()
    gc.collect()
    return Z


# ==== hangs-in-an-import
# timeout: 5
# loses: q1a-relu (not defined), q1c-vectorised
# %% q1a-relu
from pathlib import Path

Path("endless.py").write_text("while True: pass")
import endless

relu = endless


# ==== hangs-at-the-end
# loses: q1a-relu
# %% q1a-relu
import atexit
import os
import sys
import threading


def hang():
    while True:
        pass


atexit.register(hang)
threading.Thread(target=hang, daemon=False).start()


def relu(Z):
    sys.exit(0)


# ==== hangs-when-it-is-encoded
# timeout: 5
# loses: q1a-relu
# %% q1a-relu
class Slow:
    @property
    def __name__(self):
        while True:
            pass


def relu(Z):
    return Slow()


# ==== hangs-in-its-message
# timeout: 5
# loses: q1a-relu
# %% q1a-relu
class Slow(Exception):
    def __str__(self):
        while True:
            pass


def relu(Z):
    if Z.shape != (2, 4):
        return Z
    raise Slow


# ==== forks-without-end
# loses: q1a-relu
# %% q1a-relu
def relu(Z):
    if Z.shape != (2, 4):
        return Z
    import os

    while True:
        try:
            os.fork()
        except OSError:
            pass


# ==== leaves-a-daemon
# loses: q1a-relu (wrong value)
# %% q1a-relu
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)


def relu(Z):
    return Z


# ==== starts-threads-without-end
# loses: q1a-relu
# %% q1a-relu
def relu(Z):
    import threading

    while True:
        threading.Thread(target=threading.Event().wait).start()


# ==== ends-its-process-a-little-later
# loses: q1a-relu
# %% q1a-relu
def relu(Z):
    import os
    import threading

    threading.Timer(0.03, os._exit, [1]).start()
    return Z


# ==== uses-all-memory
# loses: q1a-relu (out of memory)
# %% q1a-relu
def relu(Z):
    if Z.shape != (2, 4):
        return Z
    kept = []
    while True:
        kept.append(bytearray(b"x" * (64 << 20)))


# ==== fills-the-disk
# loses: q1a-relu (raised)
# %% q1a-relu
def relu(Z):
    from pathlib import Path

    for number in range(100):
        Path(f"large-{number}").write_bytes(bytes(32 << 20))


# ==== fills-the-table-of-files
# loses: q1a-relu (raised)
# %% q1a-relu
def relu(Z):
    from pathlib import Path

    for number in range(100_000):
        Path(f"/tmp/{number}").touch()


# ==== opens-files-without-end
# loses: q1a-relu (raised)
# %% q1a-relu
def relu(Z):
    kept = [open("/dev/null") for _ in range(10_000)]
    return kept


# ==== prints-without-end
# timeout: 5
# loses: q1a-relu (timed out)
# %% q1a-relu
def relu(Z):
    if Z.shape != (2, 4):
        return Z
    while True:
        print("✓ q1a-relu: passed" * 1000)


# ==== recurses-without-end
# loses: q1a-relu (raised)
# %% q1a-relu
def relu(Z):
    return relu(Z)


# ==== closes-all-files
# loses: q1a-relu (killed)
# %% q1a-relu
def relu(Z):
    import os

    os.closerange(0, 256)
    return Z


# ==== points-the-pipe-elsewhere
# loses: q1a-relu
# %% q1a-relu
def relu(Z):
    import os

    null = os.open("/dev/null", os.O_RDWR)
    for number in range(3, 64):
        if number != null:
            try:
                os.dup2(null, number)
            except OSError:
                continue
    return Z


# ==== dies-in-every-cell
# loses at least: q1a-relu
# %% q1-warmup
def number_of_parameters(D, H, K):
    return D * H + H + H * K + K


# %% q1a-affine
import os

os._exit(0)
# %% q1a-relu
import os

os._exit(0)
# %% q1a-softmax
import os

os._exit(0)
# %% q1a-forward
import os

os._exit(0)
# %% q1b-cross-entropy
import os

os._exit(0)
