"""Classic mistakes of the ReLU: other functions, and the other half of this one.

loses: q1a-relu
"""


# %% q1a-relu · minimum
# Keeps the negative entries instead of the positive ones.
# says: This keeps the negative entries: which of the two cases of (1.1) is which?
def relu(Z):
    return np.minimum(Z, 0)


# %% q1a-relu · leaky-tenth
# Lets a tenth of the negative entries through.
# says: A tenth of each negative entry comes through: what becomes of it in (1.1)?
def relu(Z):
    return np.where(Z > 0, Z, 0.1 * Z)


# %% q1a-relu · sigmoid
# Uses the sigmoid.
# says: This is a sigmoid: which function is φ in (1.1)?
def relu(Z):
    return 1 / (1 + np.exp(-Z))


# %% q1a-relu · tanh
# Uses the hyperbolic tangent.
# says: This is a hyperbolic tangent: which function is φ in (1.1)?
def relu(Z):
    return np.tanh(Z)


# %% q1a-relu · softplus
# Uses the softplus.
# says: This is a softplus, the smooth relative of φ: which function is (1.1)?
def relu(Z):
    return np.log1p(np.exp(-np.abs(Z))) + np.maximum(Z, 0)


# %% q1a-relu · no-change
# Returns its argument as it is.
# says: Nothing happens to the negative entries: what becomes of them in (1.1)?
def relu(Z):
    return Z


# %% q1a-relu · sign-flipped
# Keeps the positive entries with a minus sign.
# says: What is positive comes out negative: which value has the first case of (1.1)?
def relu(Z):
    return -np.maximum(Z, 0)


# %% q1a-relu · capped
# Cuts the positive entries off at 1.
# says: Large entries are cut off at 1: which of the two sides does (1.1) change?
def relu(Z):
    return np.clip(Z, 0, 1)


# %% q1a-relu · sum-with-its-size
# Forgets to halve the sum of an entry and its absolute value.
# says: Every entry is 2 times what it should be: which factor is that?
def relu(Z):
    return Z + np.abs(Z)


# %% q1a-relu · negative-part
# Returns the size of the negative entries.
# says: This keeps the size of the negative entries: which entries does (1.1) keep?
def relu(Z):
    return np.maximum(-Z, 0)
