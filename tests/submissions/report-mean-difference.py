"""Takes the mean of the differences, not their sum.

loses: q5c-report

says: This is the mean of the absolute differences: what of them does the exercise ask for?
"""


# %% q5c-report
def gradient_report(grad, numeric):
    report = {"difference": np.abs(grad - numeric).mean()}
    for ending, values in (("", np.abs(grad)), ("_numeric", np.abs(numeric))):
        report["mean" + ending] = values.mean()
        report["min" + ending] = values.min()
        report["max" + ending] = values.max()
    return report
