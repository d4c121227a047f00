"""Functions that handle the student's objects, and must run where these are.

At grading the student's code runs in a process of its own, and the test cells run in another one. Numbers, arrays and
functions cross from one to the other; a network with its optimizer does not. So what drives one stands in a function
marked with `beside`: called with something of the student's, it runs on the student's side, and what it returns, plain data,
is checked on the other. In Jupyter both are the same process, and nothing happens.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any


def beside(function: Callable) -> Callable:
    """Mark a module-level function of `helpers`: it runs where the student's objects among its arguments are."""

    @wraps(function)
    def run(*arguments: Any, **keywords: Any) -> Any:
        for value in (*arguments, *keywords.values()):
            elsewhere = getattr(type(value), "run_beside", None)
            if elsewhere is not None:
                return elsewhere(value, function.__module__, function.__name__, arguments, keywords)
        return function(*arguments, **keywords)

    return run
