"""Returns the rate as it is.

loses: q3a-decay

says: The rate does not fall after the first epoch: what is the exponent of (3.6) for t = T?
"""


# %% q3a-decay
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    return learning_rate
