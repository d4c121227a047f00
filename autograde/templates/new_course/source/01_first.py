# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 · A first exercise
#
# **How to work.** An exercise is a cell with a `raise NotImplementedError(...)`. Replace that line, run the cell (Shift+Enter),
# then run the locked check below it. A failing check says where, what you have and what was expected, and sometimes which
# mistake it looks like. At grading the same check runs, and the same function is tried on inputs that nobody has seen.

# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "01-points", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers.points import show_points

show_points("01_first.ipynb")

# %% nbgrader={"grade": false, "grade_id": "01-setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from helpers import check_close, check_unchanged, exercise

# %% [markdown]
# ## A mean in which some values count more
#
# ### Exercise `q1-weighted-mean` · 2 points
#
# Measurements $x_1, \dots, x_n$ are not equally good: $x_i$ has the weight $w_i > 0$. Their weighted mean is
#
# $$ \bar{x} = \frac{\sum_{i=1}^{n} w_i x_i}{\sum_{i=1}^{n} w_i} \tag{1.1} $$
#
# Write it for two arrays of the same length.


# %% nbgrader={"grade": false, "grade_id": "q1-weighted-mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
def weighted_mean(values, weights):
    """The weighted mean (a number) of values (n,) with positive weights (n,), equation (1.1)."""
    ### BEGIN SOLUTION
    return np.sum(weights * values) / np.sum(weights)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "q1-weighted-mean-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
"""Does every value count with its weight, whatever the weights add up to?"""
with exercise("q1-weighted-mean"):
    values, weights = np.array([2.5, 1.0, 4.0, 3.5]), np.array([3.0, 1.0, 2.0, 2.0])
    check_close(weighted_mean(values, weights), 2.9375, "weighted_mean(values, weights)")
    check_close(weighted_mean(values, 10 * weights), 2.9375, "weighted_mean(values, 10 * weights)")
    check_unchanged(values, [2.5, 1.0, 4.0, 3.5], "weighted_mean", "values")
### BEGIN HIDDEN TESTS
# Students never see this part. It asks for the same on fresh inputs, and compares with something that is computed in another
# way than the answer: here with NumPy's own function.
from helpers import fresh_inputs

with fresh_inputs("q1-weighted-mean") as rng:
    values, weights = rng.normal(size=9), rng.uniform(0.1, 2.0, size=9)
    expected = np.average(values, weights=weights)
    check_close(weighted_mean(values, weights), expected, "weighted_mean(values, weights)")
### END HIDDEN TESTS

# %% [markdown]
# ## Hand in
#
# Save, then run this cell. It packs **all** your notebooks of this folder into `submission.zip`, and says what is missing or
# failing. Hand in that one file.

# %% tags=["skip-grading", "hand-in"] nbgrader={"grade": false, "grade_id": "01-hand-in", "locked": true, "schema_version": 3, "solution": false, "task": false}
from helpers import hand_in

hand_in()
