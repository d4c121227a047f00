"""The student's own functions, carried from an earlier notebook, or a plain word on why not."""

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers import carry, toy_problem
from helpers.carry import CannotCarry

FORWARD = """
import numpy as np

def relu(Z):
    return np.maximum(Z, 0)

def forward(params, X):
    Z2 = X @ params["W1"] + params["b1"]
    A2 = relu(Z2)
    Z3 = A2 @ params["W2"] + params["b2"]
    E = np.exp(Z3)
    return {"P": E / E.sum(axis=1, keepdims=True)}
"""


def write(folder, *sources):
    cells = [new_markdown_cell("# Notebook"), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), folder / "01.ipynb")


def test_functions_come_with_their_imports_and_constants(tmp_path):
    write(tmp_path, "SCALE = 3\nraise SystemExit", "def scaled(x):\n    return SCALE * x", "broken = (", "%timeit 1")
    (scaled,) = carry("01.ipynb", "scaled", folder=tmp_path)
    assert scaled(2) == 6


def test_nothing_but_definitions_is_run(tmp_path):
    write(tmp_path, FORWARD, f"open({str(tmp_path / 'ran')!r}, 'w')\nx = open({str(tmp_path / 'ran')!r}, 'w')")
    carry("01.ipynb", "forward", folder=tmp_path)
    assert not (tmp_path / "ran").exists()


def test_a_later_definition_wins(tmp_path):
    write(tmp_path, "def f():\n    return 1", "def f():\n    return 2")
    assert carry("01.ipynb", "f", folder=tmp_path)[0]() == 2


def test_forward_must_pass_the_toy_problem(tmp_path):
    write(tmp_path, FORWARD)
    (forward,) = carry("01.ipynb", "forward", folder=tmp_path)
    toy = toy_problem()
    np.testing.assert_allclose(forward(toy.params, toy.X)["P"], toy.cache["P"])
    write(tmp_path, FORWARD.replace("np.maximum(Z, 0)", "Z"))
    with pytest.raises(CannotCarry, match=r"Your `forward` from 01.ipynb is off by 0\.\d+ on the toy problem"):
        carry("01.ipynb", "forward", folder=tmp_path)
    write(tmp_path, FORWARD.replace('{"P": E', '{"p": E'))
    with pytest.raises(CannotCarry, match="fails on the toy problem"):
        carry("01.ipynb", "forward", folder=tmp_path)


def test_loss_must_be_the_toy_problems(tmp_path):
    write(tmp_path, "def compute_loss(params, X, y, reg):\n    return 1.265857052117739")
    with pytest.raises(CannotCarry, match=r"`compute_loss` from 01.ipynb is off by 0\.0379"):
        carry("01.ipynb", "compute_loss", folder=tmp_path)


def test_an_exercise_that_is_not_done_is_named(tmp_path):
    write(tmp_path, 'def forward(params, X):\n    raise NotImplementedError("q1a-forward")')
    with pytest.raises(NotImplementedError, match=r"needs exercise q1a-forward of 01\.ipynb, which is not done yet"):
        carry("01.ipynb", "forward", folder=tmp_path)


def test_missing_and_unreadable_notebooks_are_told_apart(tmp_path):
    with pytest.raises(CannotCarry, match="is not in this folder"):
        carry("01.ipynb", "forward", folder=tmp_path)
    (tmp_path / "01.ipynb").write_text("{")
    with pytest.raises(CannotCarry, match="cannot be read as a notebook"):
        carry("01.ipynb", "forward", folder=tmp_path)
    write(tmp_path, "x = 1")
    with pytest.raises(CannotCarry, match="defines no function `forward`"):
        carry("01.ipynb", "forward", folder=tmp_path)


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline\n" + FORWARD,
        "%%time\n" + FORWARD,
        "EPS: float = 0.0\n" + FORWARD.replace("np.exp(Z3)", "np.exp(Z3) + EPS"),
        FORWARD.replace("import numpy as np", "import numpy as np\nEPS = np.finfo(float).eps * 0").replace(
            "Z3)", "Z3) + EPS"
        ),
        FORWARD.replace("def forward(", "import functools\ndef _forward(one, ")
        + "forward = functools.partial(_forward, 1)",
        "import nothing_of_this_name\nx = 1 / 0\n" + FORWARD,
    ],
    ids=["magic", "timed", "annotated", "computed", "partial", "other failures"],
)
def test_right_functions_come_whatever_stands_beside_them(tmp_path, cell):
    write(tmp_path, cell)
    assert callable(carry("01.ipynb", "forward", folder=tmp_path)[0])


def test_what_failed_is_named(tmp_path):
    write(tmp_path, "SCALE = 1 / 0", "def forward(params, X):\n    return SCALE")
    with pytest.raises(CannotCarry, match="`SCALE`: ZeroDivisionError: division by zero"):
        carry("01.ipynb", "forward", folder=tmp_path)


CROSS_ENTROPY = """
import numpy as np
import scipy.special

def cross_entropy(Z, y):
    return np.mean(scipy.special.logsumexp(Z, axis=1) - Z[np.arange(len(y)), y])
"""
BACKWARD = """
import numpy as np

def backward(params, cache, y, reg):
    N = len(y)
    dZ3 = (cache["P"] - np.eye(3)[y]) / N
    dZ2 = dZ3 @ params["W2"].T * (cache["Z2"] > 0)
    return {
        "W1": cache["X"].T @ dZ2 + 2 * reg * params["W1"], "b1": dZ2.sum(axis=0),
        "W2": cache["A2"].T @ dZ3 + 2 * reg * params["W2"], "b2": dZ3.sum(axis=0),
    }
"""


@pytest.mark.parametrize(
    ("name", "source", "right", "wrong"),
    [("cross_entropy", CROSS_ENTROPY, "np.mean", "np.sum"), ("backward", BACKWARD, " / N", "")],
)
def test_loss_and_gradients_must_pass_the_toy_problem(tmp_path, name, source, right, wrong):
    write(tmp_path, source)
    assert callable(carry("01.ipynb", name, folder=tmp_path)[0])
    write(tmp_path, source.replace(right, wrong, 1))
    with pytest.raises(CannotCarry, match=rf"Your `{name}` from 01.ipynb is off by"):
        carry("01.ipynb", name, folder=tmp_path)
