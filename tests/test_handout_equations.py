"""Are equations judged as they are printed, and would a slip in any of them be noticed?"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from autograde.course import CourseError
from autograde.handout.assembly import Reader, Section, sections
from autograde.handout.claims import verify
from autograde.handout.displays import displays
from autograde.handout.equations import equations, failures
from autograde.handout.expressions import EquationError
from autograde.handout.make import verify as verify_handout
from autograde.handout.networks import columns
from autograde.handout.worlds import Axes, World, column
from tests.conftest import ROOT
from tests.mutants import mutants

K = 4
ENOUGH = 0.95


@pytest.fixture(scope="module")
def softmax() -> World:
    return World(
        {
            "z": column(np.random.default_rng(0).normal(size=K)),
            "p": lambda at: special.softmax(at["z"]),
            "S": lambda at: np.sum(np.exp(at["z"])),
            "K": K,
        },
        indices={"i": K, "j": K},
    )


@pytest.fixture(scope="module")
def instructor(course) -> list[Section]:
    return sections(course, Reader.INSTRUCTOR)


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) - p\, p^\top",
        r"\frac{\partial p_i}{\partial z_j} = -p_i p_j, \qquad i \ne j",
        r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}} = \frac1S \exp(z_i)",
        r"\frac{\partial}{\partial z_i} \log S = p_i",
        r"\sum_i p_i = 1, \qquad \max_j p_j < 1",
        r"p^\top p = \lVert p \rVert^2 = \sum_j p_j^2 = \operatorname{tr}(p p^\top)",
        r"\mathbf 1\bigl[ z_i > z_j \bigr] + \mathbf 1[ z_i < z_j ] = 1, \quad i \ne j",
        r"z = \frac{z \odot p}{1} + z - p \odot z, \quad \text{shape } (K, 1)",
    ],
)
def test_a_true_equation_holds(softmax, tex):
    verify(tex, softmax)


@pytest.mark.parametrize(
    ("tex", "problem"),
    [
        (r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) + p p^\top", "equals sign"),
        (r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) - p^\top p", "do not fit"),
        (r"\frac{\partial p}{\partial z} = \operatorname{diag}(p) - p p", "do not fit"),
        (r"p_i = z_i", "for i = 1"),
        (r"p = p^\top", "shape"),
        (r"p_i = p_i + 0 \cdot p_{i+1}", "no entry"),
        (r"p_i = q_i", "q has no value"),
        (r"p = \foo(z)", "no value"),
        (r"p = z + 1", "do not fit"),
        (r"p_i = p_i, \quad i \ne i", "never holds"),
        (r"p = p, \quad (K, K)", "shape"),
        (r"\sum p = 1", "index"),
        (r"p", "true or false"),
        (r"p = \left( z", "expected"),
        (r"p_i = 1 = p_i", "equals sign"),
        (r"\log(0 \cdot S) = \log(0 \cdot S)", "finite"),
    ],
)
def test_a_false_or_unclear_equation_is_refused_with_a_reason(softmax, tex, problem):
    with pytest.raises(EquationError, match=problem.replace("(", r"\(")):
        verify(tex, softmax)


@pytest.fixture(scope="module")
def unusual() -> World:
    """What the later notebooks write: series, arrows, images counted from 0, chance, a formula that claims nothing."""
    counted = Axes((1, 0))
    return World(
        {
            "a^{(0)}": column([1.0, 2.0]), "a^{(1)}": lambda at: 3.0 * at["a^(0)"], "a^{(2)}": lambda at: at["a^(1)"][:1] + 9.0,
                        "L": 2, r"\alpha": 0.5, "x": np.arange(6.0).reshape(2, 3), "y": np.arange(2.0, 5.0).reshape(1, 3), "p": 3,
            "g": column([1.0, 2.0]), "w": 0.0, "": column([1.0, 3.0]), "n_\\text{in}": 4,
        },
        {"softmax": lambda _at, z: special.softmax(z), r"\mathcal N": lambda _at, mean, variance: column([mean, variance])},
        {"l": range(1, 3), "n": 2, "j": range(3), "v": range(3)},
        axes={"x": counted, "y": counted, "g": Axes((1,), zero_outside=True)},
        after={r"\alpha": 0.25},
        outcomes=[{"w": np.asarray(w)} for w in (-1.0, 1.0, 3.0)],
    )  # fmt: skip


@pytest.mark.parametrize(
    "tex",
    [
        r"a^{(1)} = 3 a^{(0)}, \qquad \lVert a^{(l)} \rVert > \lVert a^{(l - 1)} \rVert, \quad l = 1, \dots, L",
        r"a^{(L - 1)\top} a^{(1)} = 45",
        r"\alpha \leftarrow \frac12 \alpha",
        r"x_{n,j} = 3 (n - 1) + j",
        r"\max_{0 \le v < p} x_{1,v} = 2, \qquad \sum_{n,j} x_{n,j} = 15",
        r"\sum_{(n, j)\,:\; x_{n,j} \text{ is } y_{1,0}} x_{n,j} = 2",
        r"g_{n - 1} = \mathbf 1[ n = 2 ]",
        r"E[ w ] = 1, \qquad E\bigl[ w^2 \bigr] - E[ w ]^2 = \operatorname{Var}(w) = \frac{8}{3}",
        r"2 \pm 1",
        r"\operatorname{softmax}(a^{(0)}) = \operatorname{softmax}\bigl(a^{(0)} + a^{(0)} - a^{(0)}\bigr), \qquad n_\text{in} = 4",
    ],
)
def test_what_later_notebooks_write_is_read(unusual, tex):
    verify(tex, unusual)


@pytest.mark.parametrize(
    ("tex", "problem"),
    [
        (r"a^{(l)} = a^{(l)}, \quad l = 1, \dots, L - 1", "does not run"),
        (r"a^{(l + 1)} = a^{(l + 1)}", "a^(3) has no value"),
        (r"\alpha \leftarrow \alpha", "0.25 on the left"),
        (r"x_{1,j + 3} = 0", "no entry"),
        (r"\max_{0 \le v < p} x_{1,v} = 3", "2 on the left"),
        (r"E[ w ] = 0", "1 on the left"),
        (r"2 \pm 2", "0 on the left"),
        (r"\frac12 = 12", "0.5 on the left"),
    ],
)
def test_what_later_notebooks_write_can_be_false(unusual, tex, problem):
    with pytest.raises(EquationError, match=problem.replace("(", r"\(").replace(")", r"\)").replace("^", r"\^")):
        verify(tex, unusual)


def test_a_sum_ends_where_the_term_ends():
    world = World({"a": column([1.0, 2.0]), "c": 10.0}, indices={"i": 2})
    verify(r"\sum_i a_i + c = 13", world)
    with pytest.raises(EquationError):
        verify(r"\sum_i a_i + c = 23", world)


def test_derivatives_go_through_what_depends_and_hold_the_rest_fixed():
    world = World({"x": 3.0, "u": lambda at: at["x"] ** 2, "v": lambda at: at["u"] * at["x"]})
    verify(r"\frac{\partial v}{\partial x} = 3 x^2", world)
    verify(r"\frac{\partial v}{\partial u} = x", world)


def test_every_equation_holds_in_every_draw(course):
    found = verify_handout(course)
    assert [str(failure) for failure in found.failures] == []
    assert found.count >= 140
    assert 100 <= found.for_students < found.count
    assert f"`{found.count} of {found.count} equations verified`" in (ROOT / "docs" / "handout.md").read_text()
    assert f"Each of its {found.count} displayed equations" in (ROOT / "README.md").read_text()


def test_mistakes_are_false_and_only_they_have_no_number(instructor):
    found = equations(instructor)
    wrong = [equation for equation in found if not equation.true]
    assert len(wrong) >= 15
    assert not [equation for equation in wrong if equation.display.numbers]
    assert all("13_mistakes" in equation.piece.where for equation in wrong)


def test_a_mistake_that_holds_is_reported(instructor):
    found = equations(instructor)
    right = next(equation for equation in found if "H.36" in equation.display.numbers)
    assert "holds" in str(failures([replace(right, true=False)])[0])


def test_slips_of_one_token_are_caught(instructor):
    made, caught = Counter(), Counter()
    for equation in equations(instructor):
        for row in equation.display.rows if equation.true else ():
            for kind, slip in mutants(row.tex):
                made[kind] += 1
                try:
                    for world in equation.worlds:
                        verify(slip, world)
                except EquationError:
                    caught[kind] += 1
    assert set(made) == {"sign", "factor", "transpose", "index", "operator"}
    assert min(made.values()) >= 50
    for kind, count in made.items():
        assert caught[kind] >= ENOUGH * count, (kind, caught[kind], count)
    assert caught.total() >= 0.99 * made.total(), (caught, made)
    assert f"{caught.total()} of {made.total()} are\n  noticed" in (ROOT / "docs" / "handout.md").read_text()


def test_mutants_change_one_thing_on_the_right():
    slips = dict(list(mutants(r"v = \mu v - 2 g^\top"))[::-1])
    assert all(slip.startswith("v = ") for slip in slips.values())
    kinds = [kind for kind, _ in mutants(r"v = \mu v - 2 g^\top")]
    assert {"sign", "factor", "transpose"} <= set(kinds)


def test_a_display_without_a_check_fails(instructor):
    texts = [section for section in instructor if section.pieces]
    problems = failures(equations(texts[:1]))
    assert problems
    assert "has no check" in str(problems[0])
    assert "source/" in str(problems[0])


def test_a_number_used_twice_fails(instructor):
    found = [equation for equation in equations(instructor) if "2.5" in equation.display.numbers]
    assert "number used 2 times" in " ".join(map(str, failures(found * 2)))


def test_a_check_of_nothing_fails(instructor):
    checked = next(section for section in instructor if section.code)
    with pytest.raises(CourseError, match=r"no equation .* above"):
        equations([checked])


def test_both_conventions_are_one_network():
    world = columns(np.random.default_rng(3))
    (display,) = displays(r"$$ z_i^{(3)} = W^{(2)} a_i^{(2)} + b^{(2)} $$")
    verify(display.rows[0].tex, world)
    with pytest.raises(EquationError):
        verify(r"z_i^{(3)} = W^{(2)} a_i^{(2)}", world)
