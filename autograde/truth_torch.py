"""What PyTorch networks must compute, by other means than PyTorch: used by hidden tests, never seen by students."""

import numpy as np
import torch
from scipy.special import expit
from torch import nn

from autograde import truth

_ACTIVATIONS = {
    "relu": truth.relu,
    "leaky_relu": lambda Z: np.where(Z > 0, Z, 0.01 * Z),
    "sigmoid": expit,
}


def randomise(model: nn.Module, rng: np.random.Generator) -> None:
    """Give every parameter and running statistic of a model a random value, so that none of them can be overlooked."""
    state = {}
    for name, value in model.state_dict().items():
        drawn = rng.uniform(0.5, 1.5, value.shape) if "var" in name else rng.normal(size=value.shape)
        state[name] = torch.from_numpy(np.asarray(drawn)).to(value.dtype) if value.is_floating_point() else value
    model.load_state_dict(state)


def logits(model: nn.Module, X: np.ndarray, activation: str) -> np.ndarray:
    """The logits (N, K) that a model's parts, all of different sizes, must give for X (N, D) (equations 4.1 and 4.2).

    Linear layers are put in order by their sizes, with batch norm, in evaluation mode, before the activation.
    """
    linear = {part.in_features: part for part in model.modules() if isinstance(part, nn.Linear)}
    norms = {part.num_features: part for part in model.modules() if isinstance(part, nn.BatchNorm1d)}
    A = X
    while True:
        layer = linear.pop(A.shape[1])
        Z = truth.affine(A, _array(layer.weight).T, _array(layer.bias))
        if not linear:
            return Z
        norm = norms.get(Z.shape[1])
        if norm is not None:
            spread = np.sqrt(_array(norm.running_var) + norm.eps)
            Z = (Z - _array(norm.running_mean)) / spread * _array(norm.weight) + _array(norm.bias)
        A = _ACTIVATIONS[activation](Z)


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().numpy()
