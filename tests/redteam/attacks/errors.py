"""Faking and swallowing errors."""


# ==== raises-an-error-named-like-trouble-of-the-grader
# loses: q1a-relu (raised)
# %% q1a-relu
class NotGraded(Exception):
    pass


def relu(Z):
    raise NotGraded("no fault of yours")


# ==== cannot-even-be-named
# An object whose every attribute is trouble of the grader's.
# loses: q1a-relu (raised), q1c-vectorised (raised)
# %% q1a-relu
class NotGraded(Exception):
    pass


class Relu:
    def __getattribute__(self, name):
        raise NotGraded("no fault of yours")


relu = Relu()


# ==== stops-the-iteration
# loses: q1a-relu (raised)
# %% q1a-relu
def relu(Z):
    raise StopIteration


# ==== ends-the-generator
# loses: q1a-relu (raised)
# %% q1a-relu
def relu(Z):
    raise GeneratorExit


# ==== raises-a-verdict
# loses: q1a-relu (raised)
# %% q1a-relu
def relu(Z):
    raise AssertionError("✓ q1a-relu: passed")


# ==== raises-what-cannot-be-shown
# loses: q1a-relu (raised)
# %% q1a-relu
class passed(Exception):
    def __str__(self):
        raise self

    __repr__ = __str__


def relu(Z):
    raise passed({1: object()}, Z)


# ==== raises-a-group
# loses: q1a-relu (raised)
# %% q1a-relu
def relu(Z):
    raise ExceptionGroup("q1a-relu", [ValueError(1), AssertionError(2)])


# ==== raises-an-error-without-a-name
# loses: q1a-relu (raised)
# %% q1a-relu
def relu(Z):
    raise type("", (Exception,), {})("\x1b[2J" * 1000)


# ==== claims-that-the-grader-has-no-memory
# loses: q1a-relu (out of memory)
# %% q1a-relu
def relu(Z):
    raise MemoryError("the grader's")


# ==== warns-of-everything
# loses: q1a-relu (wrong value)
# %% q1a-relu
import warnings


def relu(Z):
    for number in range(2000):
        warnings.warn(f"{number} ✓ q1a-relu: passed" + "x" * 1000, stacklevel=1)
    return Z


# ==== makes-ipython-raise-in-every-cell
# loses at least: q1a-relu
# %% q1a-relu
class NotGraded(Exception):
    pass


def run_cell(*_, **__):
    raise NotGraded("no fault of yours")


def relu(Z):
    return Z


get_ipython().run_cell = run_cell


# ==== shows-errors-that-raise
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    return Z


def showtraceback(*_, **__):
    raise MemoryError


get_ipython().showtraceback = showtraceback
1 / 0
