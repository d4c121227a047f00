"""Objects that lie: about what they equal, their class, their length."""


# ==== equals-everything
# loses: q1a-relu (wrong value), q1-warmup (wrong value)
# %% q1-warmup
class Everything(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __abs__ = __array__ = __sub__
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = None


def number_of_parameters(D, H, K):
    return Everything()


# %% q1a-relu
class Chameleon(np.ndarray):
    def __eq__(self, other):
        return np.True_

    def __array_ufunc__(self, *_, **__):
        return np.zeros(self.shape)

    def __array__(self, *_, **__):
        raise RuntimeError


def relu(Z):
    return np.asarray(Z).view(Chameleon)


# ==== is-an-array-by-its-class
# loses: q1a-relu (wrong type)
# %% q1a-relu
class Liar:
    __class__ = np.ndarray
    shape, dtype, ndim = (2, 4), np.dtype(float), 2

    def __array__(self, *_, **__):
        return np.zeros((2, 4))


def relu(Z):
    return Liar()


# ==== is-a-tensor-by-its-class
# PyTorch would read its memory, and crash.
# loses: q1a-relu (wrong type)
# %% q1a-relu
import torch


class Liar(torch.Tensor):
    pass


def relu(Z):
    return torch.nn.Parameter(torch.zeros(2, 4).double())


# ==== is-a-number-by-its-class
# Bases that are only said, over the wire.
# loses: q1-warmup
# %% q1-warmup
import autograde.candidate

_bases = autograde.candidate._bases


class Number:
    def __len__(self):
        return 1

    def __getitem__(self, _):
        return 83


autograde.candidate._bases = lambda value: [float, int] if type(value).__name__ == "Number" else _bases(value)


def number_of_parameters(D, H, K):
    return Number()


# ==== claims-every-base
# loses: q1a-relu
# %% q1a-relu
import autograde.candidate


class Liar:
    pass


class Base:
    __module__, __qualname__ = "torch._C", "TensorBase"


def _bases(value):
    if type(value).__name__ != "Liar":
        return type(value).__mro__
    return [Base, Base, float]


autograde.candidate._bases = _bases


def relu(Z):
    return Liar()


# ==== never-ends-when-iterated
# loses: q1a-forward (wrong type)
# %% q1a-forward
class Endless:
    def __iter__(self):
        return self

    def __next__(self):
        return "P"

    def __contains__(self, _):
        return True

    def __getitem__(self, _):
        return self

    def __len__(self):
        return 2**62


def forward(params, X):
    return Endless()


# ==== is-an-endless-dict
# A stand-in that says it is a dict, and whose keys never end.
# timeout: 5
# loses: q1a-forward (timed out), q1b-loss (raised)
# %% q1a-forward
import autograde.candidate

_bases = autograde.candidate._bases


class Endless:
    def __iter__(self):
        return self

    def __next__(self):
        return "P"

    def __contains__(self, _):
        return False


autograde.candidate._bases = lambda value: [dict] if type(value).__name__ == "Endless" else _bases(value)


def forward(params, X):
    return Endless()


# %% q1b-loss
def compute_loss(params, X, y, reg):
    return 1 / len(forward(params, X))


# ==== has-a-length-beyond-all-numbers
# loses: q1-warmup
# %% q1-warmup
import autograde.candidate

_bases = autograde.candidate._bases


class Long:
    def __len__(self):
        return 2**62

    def __getitem__(self, _):
        return self


autograde.candidate._bases = lambda value: [float] if type(value).__name__ == "Long" else _bases(value)


def number_of_parameters(D, H, K):
    return Long()


# ==== is-a-dict-with-answers-for-every-key
# loses: q1a-forward (wrong type)
# %% q1a-forward
class Answers(dict):
    def __contains__(self, key):
        return True

    def __missing__(self, key):
        return np.zeros((5, 3))

    def items(self):
        return [("P", 0)]


def forward(params, X):
    return Answers()


# ==== returns-nan-that-is-close-to-all
# loses: q1a-relu (not finite)
# %% q1a-relu
def relu(Z):
    return Z * np.nan


# ==== returns-an-array-of-objects
# loses: q1a-relu (wrong type)
# %% q1a-relu
def relu(Z):
    class Equal:
        __eq__ = __lt__ = __gt__ = lambda *_: True
        __sub__ = __rsub__ = lambda self, _: 0.0

    return np.full(Z.shape, Equal(), dtype=object)


# ==== returns-more-than-there-is
# loses: q1a-relu (out of memory)
# %% q1a-relu
def relu(Z):
    return np.broadcast_to(0.0, (10**6, 10**6))


# ==== returns-what-is-masked
# loses: q1a-relu (wrong value)
# %% q1a-relu
def relu(Z):
    return np.ma.masked_all(Z.shape)


# ==== returns-a-number-of-a-million-digits
# loses: q1-warmup (wrong type)
# %% q1-warmup
def number_of_parameters(D, H, K):
    return 10**30_000


# ==== is-nested-without-end
# loses: q1a-forward (raised)
# %% q1a-forward
def forward(params, X):
    nested = {}
    nested["P"] = nested
    return nested


# ==== is-a-class
# loses: q1a-relu
# %% q1a-relu
class Meta(type):
    def __call__(cls, Z):
        return cls

    def __eq__(cls, other):
        return True

    __hash__ = type.__hash__


class relu(metaclass=Meta):
    pass
