"""Takes the exponentials of the scores as they are.

loses: q1a-softmax

says: NumPy warned: overflow encountered in exp. Where does your formula meet numbers this large or small?
"""


# %% q1a-softmax
def softmax(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True)
