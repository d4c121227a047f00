"""Takes mean, minimum and maximum of the entries with their signs.

loses: q5c-report

says: These are of the entries with their signs, not of absolute values.
"""


# %% q5c-report
def gradient_report(grad, numeric):
    report = {"difference": np.abs(grad - numeric).sum()}
    for ending, values in (("", (grad)), ("_numeric", (numeric))):
        report["mean" + ending] = values.mean()
        report["min" + ending] = values.min()
        report["max" + ending] = values.max()
    return report
