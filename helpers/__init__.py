"""What the course's notebooks import: problems with known answers, checks, the gradient check, figures. No answers."""

import sys

from tqdm import tqdm

from helpers.carry import carry
from helpers.checks import (
    check_accuracy,
    check_close,
    check_gradient,
    check_relative_error,
    check_true,
    check_unchanged,
    unchanged,
)
from helpers.exercise import exercise, fresh_inputs
from helpers.gradients import gradient_check, numerical_gradient, relative_error
from helpers.problems import second_probe, toy_problem
from helpers.submission import hand_in
from helpers.syntax import check_calls_none_of, check_no_loops

if sys.platform == "emscripten":  # a browser has no threads, and progress bars would warn that they cannot start one
    tqdm.monitor_interval = 0

__all__ = [
    "carry",
    "check_accuracy",
    "check_calls_none_of",
    "check_close",
    "check_gradient",
    "check_no_loops",
    "check_relative_error",
    "check_true",
    "check_unchanged",
    "exercise",
    "fresh_inputs",
    "gradient_check",
    "hand_in",
    "numerical_gradient",
    "relative_error",
    "second_probe",
    "toy_problem",
    "unchanged",
]
