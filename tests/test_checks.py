"""The checks that students see: the ladder, four lines at most, and nothing that student code prints decides."""

import functools
import logging
import sys
import warnings

import numpy as np
import pytest
import tqdm

from helpers import (
    check_calls_none_of,
    check_close,
    check_gradient,
    check_no_loops,
    check_relative_error,
    check_unchanged,
    exercise,
    fresh_inputs,
    numerical_gradient,
    unchanged,
)
from helpers.exercise import SEED_VARIABLE
from helpers.verdicts import (
    CheckFailed,
    NotAllowed,
    NotDefined,
    NotFinite,
    Raised,
    WrongShape,
    WrongType,
    WrongValue,
)
from tests.run_cell import run_cell

EXPECTED = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    "right",
    [
        EXPECTED,
        EXPECTED.astype(int),
        np.asfortranarray(EXPECTED),
        EXPECTED * (1 + 1e-9),
        EXPECTED.astype(np.longdouble),
    ],
    ids=["float64", "integers", "Fortran order", "rounding", "longdouble"],
)
def test_right_arrays_pass(right):
    check_close(right, EXPECTED, "f(x)")


@pytest.mark.parametrize("right", [2, 2.0, np.float64(2), np.array(2.0), np.int64(2)])
def test_right_numbers_pass(right):
    check_close(right, 2.0, "f(x)")


MISTAKES = {"Where is the factor?": EXPECTED / 2, "No mistake at all.": EXPECTED, "Another shape.": 0.0}


@pytest.mark.parametrize("check", [check_close, check_gradient])
def test_a_known_mistake_is_told_in_place_of_a_guess(check):
    with pytest.raises(WrongValue) as told:
        check(EXPECTED / 2, EXPECTED, "f(x)", mistakes=MISTAKES)
    assert str(told.value).splitlines()[1:] == ["yours     0.5", told.value.details[1], "Where is the factor?"]
    with pytest.raises(WrongValue, match="opposite sign"):
        check(-EXPECTED, EXPECTED, "f(x)", mistakes=MISTAKES)
    known = {"Where is the factor?": {"b": EXPECTED / 2}, "Not here.": {"a": EXPECTED / 2}}
    with pytest.raises(WrongValue, match=r'f\(x\)\["b"\] is wrong(.|\n)*Where is the factor'):
        check({"a": EXPECTED, "b": EXPECTED / 2}, {"a": EXPECTED, "b": EXPECTED}, "f(x)", mistakes=known)


@pytest.mark.parametrize("check", [check_close, check_gradient])
def test_known_mistakes_never_fail_a_right_answer(check):
    check(EXPECTED, EXPECTED, "f(x)", mistakes=MISTAKES)
    check(EXPECTED * (1 + 1e-9), EXPECTED, "f(x)", mistakes={"Nearly.": EXPECTED * (1 + 1e-9)})


@pytest.mark.parametrize(
    ("wrong", "kind", "says"),
    [
        (None, WrongType, "return"),
        ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], WrongType, "list"),
        ("text", WrongType, "str"),
        (EXPECTED.T, WrongShape, "axes are swapped"),
        (EXPECTED[0], WrongShape, "(3,)"),
        (EXPECTED.astype(np.float32), WrongType, "float32"),
        (EXPECTED.astype(object), WrongType, "object"),
        (EXPECTED.astype(complex), WrongType, "complex128"),
        (EXPECTED > 2, WrongType, "bool"),
        (np.where(EXPECTED == 5, np.nan, EXPECTED), NotFinite, "[1, 1]"),
        (np.where(EXPECTED == 5, np.inf, EXPECTED), NotFinite, "(1 of 6)"),
        (np.where(EXPECTED == 5, 5.1, EXPECTED), WrongValue, "[1, 1] (1 of 6 entries differ)"),
        (-EXPECTED, WrongValue, "opposite sign"),
        (EXPECTED / 2, WrongValue, "0.5 times"),
        (EXPECTED * 0, WrongValue, "Every entry is 0"),
        (EXPECTED * (1 + 1e-6), WrongValue, "yours"),
    ],
)
def test_each_rung_of_the_ladder(wrong, kind, says):
    with pytest.raises(kind) as failed:
        check_close(wrong, EXPECTED, "f(x)")
    lines = str(failed.value).splitlines()
    assert says in str(failed.value)
    assert 1 < len(lines) <= 4
    assert lines[0].startswith("f(x)")


@pytest.mark.parametrize("wrong", [np.array([2.0]), True, "2", None, [2.0], 2 + 0j])
def test_a_number_is_not_an_array_or_a_flag(wrong):
    with pytest.raises(CheckFailed):
        check_close(wrong, 2.0, "f(x)")


def test_an_object_that_claims_equality_is_no_number():
    class Liar(float):
        def __eq__(self, other):
            return True

        def __le__(self, other):
            return True

        __lt__ = __ge__ = __gt__ = __le__
        __hash__ = None

    with pytest.raises(WrongValue):
        check_close(Liar(1.0), 2.0, "f(x)")


def test_dicts_are_checked_key_by_key():
    expected = {"A": np.ones(2), "B": np.zeros(3)}
    check_close({"A": np.ones(2), "B": np.zeros(3), "more": 1}, expected, "f(x)")
    with pytest.raises(WrongType, match="no key 'B'"):
        check_close({"A": np.ones(2)}, expected, "f(x)")
    with pytest.raises(WrongType, match="must be a dict"):
        check_close((np.ones(2), np.zeros(3)), expected, "f(x)")
    with pytest.raises(WrongValue, match=r'f\(x\)\["B"\]'):
        check_close({"A": np.ones(2), "B": np.ones(3)}, expected, "f(x)")


def test_gradients_are_compared_norm_wise():
    expected = np.array([1.0, 1e-9])
    check_gradient(np.array([1.0, 2e-9]), expected, "dW")  # rounding in a tiny entry
    with pytest.raises(WrongValue):
        check_gradient(np.array([1.00001, 1e-9]), expected, "dW")
    with pytest.raises(WrongValue):
        check_gradient(np.array([1e-3, 0.0]), np.zeros(2), "dW")
    check_gradient(np.zeros(2), np.zeros(2), "dW")


def test_the_sheets_bar_is_elementwise():
    check_relative_error(np.array([1.0, 1e-3 * (1 + 1e-9)]), np.array([1.0, 1e-3]), "dW")
    with pytest.raises(WrongValue):
        check_relative_error(np.array([1.0, 1e-3 * (1 + 1e-7)]), np.array([1.0, 1e-3]), "dW")


def test_zero_allows_rounding():
    check_close(np.array([1e-17, 0.0]), np.zeros(2), "f(x)")
    with pytest.raises(WrongValue):
        check_close(np.array([1e-9, 0.0]), np.zeros(2), "f(x)")


def in_another_cell(source):
    """The function that a student defines in a cell of this "notebook", whose global names are those of this file."""
    run_cell(source, "<another cell>", globals())
    return globals().pop(source.removeprefix("def ").partition("(")[0])


def noisy(x):
    print("debugging")
    sys.stderr.write("to stderr\n")
    warnings.warn("careful", stacklevel=1)
    np.log(np.zeros(1))
    logging.getLogger("student").warning("logged")
    for _ in tqdm.tqdm(range(2)):
        pass
    return 2 * x


def test_prints_warnings_and_bars_never_decide(capfd):
    with exercise("q0-noise"):
        check_close(noisy(EXPECTED), 2 * EXPECTED, "noisy(x)")
    out, err = capfd.readouterr()
    assert "✓ q0-noise: passed" in out
    assert "debugging" in out
    assert err == ""


def test_a_failure_names_the_exercise_and_the_warning():
    def overflow(x):
        return np.exp(1000 * x) - np.exp(1000 * x)

    with pytest.raises(NotFinite) as failed, exercise("q0-noise"):
        check_close(overflow(EXPECTED), EXPECTED, "overflow(x)")
    assert str(failed.value).startswith("q0-noise: overflow(x) is not finite at [0, 0]")
    assert "overflow encountered in exp" in str(failed.value)
    assert len(str(failed.value).splitlines()) <= 4


def test_an_undefined_name_is_told_from_a_typo_inside_the_function():
    with pytest.raises(NotDefined, match="`softmacks` is not defined"), exercise("q0"):
        softmacks(EXPECTED)  # noqa: F821
    with pytest.raises(NotDefined, match="A check above defines it"), exercise("q0"):
        _sample(EXPECTED)  # noqa: F821

    typo = in_another_cell("def typo(x):\n    return x + yy\n")
    with pytest.raises(Raised, match="q0: NameError: name 'yy' is not defined") as raised, exercise("q0"):
        typo(1)
    assert "in `typo`, line" in str(raised.value)
    assert "return x + yy" in str(raised.value)


def test_floating_point_errors_set_to_raise_cost_nothing():
    with np.errstate(all="raise"), exercise("q0"):
        check_close(np.exp(np.array([-1000.0])), np.array([0.0]), "exp(x)")


def test_not_attempted_stays_not_attempted():
    with pytest.raises(NotImplementedError, match="q0-stub"), exercise("q0"):
        raise NotImplementedError("q0-stub")
    with pytest.raises(NotImplementedError, match=r"^q0$"), fresh_inputs("q0"):
        raise NotImplementedError("what the student wrote there is not told")


def test_fresh_inputs_are_the_same_for_a_class_and_differ_by_exercise_and_seed(monkeypatch):
    def drawn(seed, identity):
        monkeypatch.setenv(SEED_VARIABLE, seed)
        with fresh_inputs(identity) as rng:
            return rng.normal()

    assert drawn("1", "q1") == drawn("1", "q1")
    assert len({drawn("1", "q1"), drawn("2", "q1"), drawn("1", "q2")}) == 3
    monkeypatch.delenv(SEED_VARIABLE)
    with fresh_inputs("q1") as one, fresh_inputs("q1") as other:
        assert one.normal() != other.normal()


def test_fresh_inputs_tell_no_value(capsys):
    secret = 0.123456789

    leaky = in_another_cell('def leaky(x):\n    print("input", x)\n    raise ValueError(f"input was {x}")\n')
    with pytest.raises(Raised) as raised, fresh_inputs("q0"):
        leaky(secret)
    with pytest.raises(WrongValue) as wrong, fresh_inputs("q0"):
        check_close(secret / 2, secret, "f(x)")
    told = str(raised.value) + str(wrong.value) + capsys.readouterr().out
    assert "0.1" not in told
    assert "0.06" not in told
    assert "ValueError" in told
    assert "`leaky`" in told


@pytest.mark.parametrize(
    "smuggle",
    [
        lambda x: NotImplementedError(str(x)),
        lambda x: MemoryError(str(x)),
        lambda x: type(f"E{x}", (Exception,), {"__module__": "builtins"})(),
        lambda x: WrongValue("f", "yours", "expected", str(x)),
        lambda x: type("WrongValue", (WrongValue,), {"reason": str(x)})("f"),
    ],
    ids=["not implemented", "memory", "class name", "a verdict", "a verdict of its own"],
)
def test_no_exception_of_the_student_carries_a_fresh_input_out(smuggle, capsys):
    leaky = in_another_cell("def leaky(x, smuggle):\n    raise smuggle(x)\n")
    with pytest.raises(Exception, match="q0") as raised, fresh_inputs("q0"):
        leaky(0.123456789, smuggle)
    told = f"{type(raised.value).__name__} {raised.value} {capsys.readouterr().out}"
    assert "123456" not in told


def test_a_long_exception_text_keeps_to_four_lines():
    talks = in_another_cell("def talks(x):\n    raise ValueError(f'one\\ntwo\\nthree\\nfour\\n{x}')\n")
    with pytest.raises(Raised) as raised, exercise("q0"):
        talks(1)
    assert len(str(raised.value).splitlines()) <= 4


def vectorised(x):
    return np.maximum(x, 0).sum(axis=1)


def with_for(x):
    total = 0
    for row in x:
        total += row
    return total


def with_comprehension(x):
    return np.array([row.sum() for row in x])


def with_map(x):
    return list(map(np.sum, x))


def with_vectorize(x):
    return np.vectorize(abs)(x)


def hides_it(x):
    return with_for(x)


def with_reduce(x):
    return functools.reduce(np.add, x)


class Looping:
    def rows(self, x):
        return [row.sum() for row in x]


def with_class(x):
    return Looping().rows(x)


def decorate(function):
    def wrapper(x):
        return function(x)

    return wrapper


decorated = decorate(with_for)
bound = functools.partial(with_for)


def compiled_reduction(x):
    return np.logaddexp.reduce(x, axis=1)


def test_no_loops_passes_array_code():
    check_no_loops(
        vectorised,
        compiled_reduction,
        decorate(vectorised),
        functools.partial(np.maximum, 0.0),
        np.exp,
        lambda x: x + 1,
    )


def stub(x):
    raise NotImplementedError("q0-stub")


def ignores(x, y):
    return 0


def test_a_function_that_does_nothing_is_not_free_of_loops():
    with pytest.raises(NotImplementedError, match="q0-stub"):
        check_no_loops(vectorised, stub)
    with pytest.raises(NotAllowed, match="`ignores` uses none of its arguments"):
        check_no_loops(ignores)


@pytest.mark.parametrize(
    "function",
    [with_for, with_comprehension, with_map, with_vectorize, hides_it, with_reduce, with_class, decorated, bound],
)
def test_loops_are_found_even_in_functions_called(function):
    with pytest.raises(NotAllowed, match="has a Python loop in its line"):
        check_no_loops(vectorised, function)


alias = numerical_gradient


def uses_torch(x):
    import torch

    return torch.tensor(x)


def uses_from(x):
    from helpers.gradients import numerical_gradient as slope

    return slope(np.sum, x)


def uses_alias(x):
    return alias(np.sum, x)


def test_forbidden_names_are_found():
    check_calls_none_of(vectorised, ("torch", "numerical_gradient"))
    for function in (uses_torch, uses_from, uses_alias):
        with pytest.raises(NotAllowed, match="uses `"):
            check_calls_none_of(function, ("torch", "numerical_gradient"))


def test_ipython_shows_the_message_without_a_stack():
    shown = WrongValue("q0: f(x) is wrong.", "yours 1", "expected 2")._render_traceback_()
    assert len(shown) == 3
    assert "✗ q0: f(x) is wrong." in shown[0]


def test_a_changed_argument_is_named():
    array, before = np.array([1.0, 2.0]), np.array([1.0, 2.0])
    check_unchanged(array, before, "relu", "Z")
    check_unchanged({"W": array}, {"W": before}, "sgd_step", "params")
    array[1] = 3.0
    for changed, original in ((array, before), ({"W": array}, {"W": before}), ({"V": before}, {"W": before})):
        with pytest.raises(WrongValue, match=r"(?s)relu changed its argument Z.*work on a copy"):
            check_unchanged(changed, original, "relu", "Z")
    with unchanged("relu", Z=array, params={"W": array}):
        array + 1
    with (
        pytest.raises(WrongValue, match="relu changed its argument params"),
        unchanged("relu", y=1, params={"W": array}),
    ):
        array += 1
    with pytest.raises(WrongValue, match="changed its argument"):
        check_unchanged(array[:1], before, "relu", "Z")


def test_nothing_returned_where_a_dict_is_due_says_so():
    with pytest.raises(WrongType, match=r"(?s)must be a dict.*Does the function end with `return"):
        check_close(None, {"W": np.zeros(2)}, "params")
