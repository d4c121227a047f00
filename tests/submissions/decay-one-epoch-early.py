"""Counts the epochs from one, so that the first one is decayed already.

loses: q3a-decay

says: The first epoch counts as passed already: what is the exponent of (3.6) for t = 0?
"""


# %% q3a-decay
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    epoch = iteration // per_epoch + 1
    return learning_rate * decay**epoch
