"""Classic mistakes on the way through the ReLU.

Without the mask, with the first sample's, with the activations in its place, with W2 as it stands or reshaped: tests/submissions/hidden-*.py.
Left out: Z2 >= 0, which is a convention at the kink.

loses: q2c-hidden
"""


# %% q2c-hidden · times-pre-activations
# Multiplies by the pre-activations.
# says: The error signal is multiplied by the pre-activations: what is the derivative of φ in (1.1)?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return dA2 * Z2


# %% q2c-hidden · sigmoid-of-activations
# Uses the derivative of the sigmoid, with the activations.
# says: This is the derivative of a sigmoid: which function is φ in (1.1)?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    A2 = np.maximum(Z2, 0)
    return dA2 * A2 * (1 - A2)


# %% q2c-hidden · sigmoid-of-pre-activations
# Uses the derivative of the sigmoid of the pre-activations.
# says: This is the derivative of a sigmoid of the pre-activations: which function is φ in (1.1)?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    slopes = 1 / (1 + np.exp(-Z2))
    return dA2 * slopes * (1 - slopes)


# %% q2c-hidden · leaky
# Lets a hundredth through where a unit is off.
# says: A hundredth comes through the units that are off: what is the slope of (1.1) there?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return dA2 * np.where(Z2 > 0, 1.0, 0.01)


# %% q2c-hidden · mask-per-sample
# Lets a sample through where its pre-activations sum to something positive.
# says: A sample comes through as a whole or not at all: does each unit not decide for itself?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return dA2 * (Z2.sum(axis=1, keepdims=True) > 0)


# %% q2c-hidden · mask-inverted
# Lets the error through where a unit is off.
# says: The error signal goes through the units that are off: which of the two slopes of (1.1) is 1?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return dA2 * (Z2 <= 0)


# %% q2c-hidden · relu-of-the-error
# Cuts off the negative part of the error signal.
# says: The error signal itself has lost its negative entries: whose sign decides?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return np.maximum(dA2, 0)


# %% q2c-hidden · relu-of-the-masked-error
# Cuts the error signal off after the mask.
# says: After the mask the error signal lost its negative entries too: whose sign decides?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return np.maximum(dA2 * (Z2 > 0), 0)


# %% q2c-hidden · mask-of-the-error
# Masks with the sign of the error signal and of the unit.
# says: The sign of the unit multiplies the error signal: what is the slope of (1.1) where a unit is off?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return dA2 * np.sign(Z2)


# %% q2c-hidden · mask-above-one
# Lets through only units above 1.
# says: Units between 0 and 1 are blocked: where does the slope of (1.1) change?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return dA2 * (Z2 > 1)


# %% q2c-hidden · tanh-derivative
# Uses the derivative of the hyperbolic tangent.
# says: This is the derivative of a hyperbolic tangent: which function is φ in (1.1)?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return dA2 * (1 - np.tanh(Z2) ** 2)


# %% q2c-hidden · over-n-again
# Divides by the number of samples again.
# says: It is divided by N: what does the error signal at the scores bring along already?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return dA2 * (Z2 > 0) / len(Z2)


# %% q2c-hidden · summed-over-samples
# Adds all samples before the mask.
# says: Every sample gets the sum over all samples before its mask: which errors belong to sample i?
def hidden_gradient(dZ3, W2, Z2):
    dA2 = dZ3 @ W2.T
    return dA2.sum(axis=0) * (Z2 > 0)


# %% q2c-hidden · weights-missing
# Gives every unit the sum of its errors, without the weights.
# says: Every unit gets the same error: which matrix shares it out, in (2.9)?
def hidden_gradient(dZ3, W2, Z2):
    return np.sum(dZ3, axis=1, keepdims=True) * (Z2 > 0)


# %% q2c-hidden · absolute-weights
# Takes the size of the weights.
# says: The weights have lost their sign: what does (2.9) multiply with?
def hidden_gradient(dZ3, W2, Z2):
    return (dZ3 @ np.abs(W2).T) * (Z2 > 0)


# %% q2c-hidden · sign-flipped
# Gives the error signal a minus sign.
# says: The error signal has the wrong sign: which sign does (2.9) have?
def hidden_gradient(dZ3, W2, Z2):
    return -(dZ3 @ W2.T) * (Z2 > 0)


# %% q2c-hidden · rows-backward
# Takes the samples from the last to the first.
# says: The errors are in the order of the samples backward: does row i meet row i?
def hidden_gradient(dZ3, W2, Z2):
    return (dZ3[::-1] @ W2.T) * (Z2 > 0)
