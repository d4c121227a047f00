"""Decays in every iteration.

loses: q3a-decay

says: The rate falls by a whole factor in every iteration: after how many does it in (3.6)?
"""


# %% q3a-decay
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    return learning_rate * decay**iteration
