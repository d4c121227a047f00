"""Takes the logarithm of the rounded probabilities, which is infinite for scores far apart.

loses: q1b-cross-entropy

says: NumPy warned: divide by zero encountered in log. Where does your formula meet numbers this large or small?
"""


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    P = softmax(Z)
    return -np.mean(np.log(P[range(len(y)), y]))
