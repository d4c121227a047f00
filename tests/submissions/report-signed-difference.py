"""Lets differences of opposite sign cancel.

loses: q5c-report

says: The absolute value of each difference, not of their sum.
"""


# %% q5c-report
def gradient_report(grad, numeric):
    report = {"difference": abs((grad - numeric).sum())}
    for ending, values in (("", np.abs(grad)), ("_numeric", np.abs(numeric))):
        report["mean" + ending] = values.mean()
        report["min" + ending] = values.min()
        report["max" + ending] = values.max()
    return report
