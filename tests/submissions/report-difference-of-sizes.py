"""Compares absolute values, so that a wrong sign does not show.

loses: q5c-report

says: Absolute values after the difference, not before.
"""


# %% q5c-report
def gradient_report(grad, numeric):
    report = {"difference": np.abs(np.abs(grad) - np.abs(numeric)).sum()}
    for ending, values in (("", np.abs(grad)), ("_numeric", np.abs(numeric))):
        report["mean" + ending] = values.mean()
        report["min" + ending] = values.min()
        report["max" + ending] = values.max()
    return report
