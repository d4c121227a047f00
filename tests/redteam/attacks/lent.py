"""Keeping the right building blocks that a test lends, and calling a test's functions at the wrong time."""

# ==== keeps-lent-blocks
# loses: q1b-cross-entropy (raised), q1a-forward (raised)
# %% q1a-forward
kept = []


def forward(params, X):
    kept.append((affine, relu, softmax))
    raise RuntimeError("lend me some")


# %% q1b-cross-entropy
def cross_entropy(Z, y):
    for _, _, softmax in reversed(kept):
        if "candidate" in type(softmax).__module__:
            return -np.log(softmax(Z)[np.arange(len(y)), y]).mean()
    raise RuntimeError("nothing kept")


# ==== does-not-give-back
# loses: q1a-softmax
# %% q1a-softmax
def softmax(Z):
    return Z


from autograde.candidate import Candidate

Candidate.do_return = lambda self: None


# ==== calls-lent-blocks-from-a-cell
# A later cell uses what a check lent: that is over.
# loses: q1b-cross-entropy (not defined)
# %% q1a-forward
kept = []


def forward(params, X):
    kept.append(softmax)
    Z2 = affine(X, params["W1"], params["b1"])
    A2 = relu(Z2)
    Z3 = affine(A2, params["W2"], params["b2"])
    if type(softmax).__name__ == "function":
        raise RuntimeError
    return {"X": X, "Z2": Z2, "A2": A2, "Z3": Z3, "P": softmax(Z3)}


# %% q1b-cross-entropy
for softmax_kept in kept:
    softmax_kept(np.zeros((2, 2)))
kept[-1](np.zeros((2, 2)))


def cross_entropy(Z, y):
    return 0.0


raise SystemExit


# ==== calls-functions-by-number
# loses: q1a-relu (wrong value)
# %% q1a-relu
import sys


def candidate():
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "call_back"):
        frame = frame.f_back
    return frame.f_locals["self"]


def relu(Z):
    for number in range(-3, 40):
        try:
            candidate().call_back(number, (Z,), {})
        except Exception:
            continue
    return Z


# ==== floods-with-calls
# timeout: 5
# loses: q1a-relu (timed out)
# %% q1a-relu
import sys


def candidate():
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "call_back"):
        frame = frame.f_back
    return frame.f_locals["self"]


def relu(Z):
    if Z.shape != (2, 4):
        return Z
    while True:
        try:
            candidate().call_back(0, (), {})
        except Exception:
            continue


# ==== hands-lent-blocks-what-they-cannot-take
# loses: q1a-forward
# %% q1a-forward
def forward(params, X):
    for arguments in (
        ([],) * 3,
        (np.zeros((10**5, 1)), np.zeros((1, 10**5)), 0),
        (range(2**62),) * 3,
        (int, float, slice),
    ):
        try:
            affine(*arguments)
        except Exception:
            pass
    return {}


# ==== hangs-in-a-lent-block
# timeout: 5
# loses: q1a-forward (timed out)
# %% q1a-forward
class Slow:
    def __len__(self):
        while True:
            pass


def forward(params, X):
    relu(Slow())
    raise RuntimeError


# ==== calls-back-while-being-called-back
# loses: q1a-forward
# %% q1a-forward
def forward(params, X):
    class Again:
        def __len__(self):
            forward(params, X)
            return 1

        def __getitem__(self, _):
            return forward(params, X)

    return affine(Again(), Again(), Again())
