"""Decays a little in every iteration, by a whole factor in an epoch.

loses: q3a-decay

says: The rate falls a little in every iteration: what do the brackets around t / T mean in (3.6)?
"""


# %% q3a-decay
def decayed_rate(learning_rate, decay, iteration, per_epoch):
    return learning_rate * decay ** (iteration / per_epoch)
