"""Patching what judges, in the student's own process."""

# ==== silences-the-checks
# loses: q1a-relu (wrong value)
# %% q1a-relu
import sys

import helpers.checks

helpers.checks._check = helpers.checks.check_close = check_close = lambda *_, **__: None
sys.modules["helpers.exercise"].exercise.__exit__ = exercise.__exit__ = lambda *_: True


def relu(Z):
    return Z


# ==== makes-numpy-find-everything-equal
# loses at least: q1a-relu (wrong value)
# %% q1a-relu
np.abs = np.absolute = lambda *_: np.zeros(1)
np.allclose = np.isclose = np.array_equal = np.isfinite = lambda *_, **__: True
np.asarray = lambda value, *_, **__: np.zeros((2, 4))


def relu(Z):
    return Z


# ==== redefines-builtins
# loses at least: q1a-relu
# %% q1a-relu
import builtins

builtins.bool = builtins.all = builtins.any = lambda *_: True
builtins.AssertionError = builtins.NameError = Warning


def relu(Z):
    return Z


# ==== forgets-errors-in-the-gradients
# loses: q1a-relu (wrong value)
# %% q1a-relu
import helpers.gradients

helpers.gradients.norm_error = helpers.gradients.relative_errors = lambda *_: 0.0


def relu(Z):
    return Z


# ==== brings-its-own-check
# Answers the question for relu with a check_close of its own, too: it would learn what is expected.
# loses: q1a-relu (wrong value)
# %% q1a-relu
from autograde.candidate import Candidate

_names = Candidate.do_names


def do_names(self, names):
    mine = {name: lambda *_, **__: None for name in ("check_close", "check_unchanged")}
    return mine | _names(self, names)


Candidate.do_names = do_names


def relu(Z):
    return Z


# ==== brings-the-grader-a-dead-session
# loses: q1a-relu (wrong value)
# %% q1a-relu
from autograde.candidate import Candidate

_names = Candidate.do_names
Candidate.do_names = lambda self, names: {"__candidate__": None, "__builtins__": {}, "np": 1} | _names(self, names)


def relu(Z):
    return Z


# ==== answers-every-question-about-names-with-one-thing
# loses at least: q1a-relu (killed)
# %% q1a-relu
from autograde.candidate import Candidate

Candidate.do_names = lambda self, names: [names]


def relu(Z):
    return Z


# ==== encodes-everything-as-its-first-argument
# loses at least: q1a-relu
# %% q1a-relu
from autograde.candidate import Candidate

Candidate._encode = lambda self, value, ledger=None: ["=", 0] if ledger and ledger.values else None


def relu(Z):
    return Z


# ==== lies-about-its-text
# loses: q1c-vectorised (not allowed)
# %% q1a-relu
import inspect
import linecache

import helpers.syntax

inspect.getsource = lambda _: "def relu(Z):\n    return np.maximum(Z, 0)\n"
linecache.getlines = lambda *_: ["def relu(Z):\n", "    return np.maximum(Z, 0)\n"]
helpers.syntax.check_no_loops = lambda *_: None


def relu(Z):
    return np.array([[max(value, 0.0) for value in row] for row in Z])


relu.__module__, relu.__name__, relu.__wrapped__ = "numpy", "maximum", np.maximum


# ==== lies-about-its-code
# loses: q1c-vectorised (not allowed)
# %% q1a-relu
def relu(Z):
    return np.array([[max(value, 0.0) for value in row] for row in Z])


relu.__code__ = relu.__code__.replace(co_filename=np.__file__, co_firstlineno=1)
