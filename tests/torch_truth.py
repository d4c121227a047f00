"""The network in torch, with gradients by autograd: the independent truth behind helpers/answers.json.

`python -m tests.torch_truth` writes that file anew.
"""

import json
from pathlib import Path

import numpy as np
import torch


def answers(params: dict, X: np.ndarray, y: np.ndarray, reg: float) -> dict:
    """Cache, losses and gradients of the two-layer network, as nested lists of float64."""
    leaves = {key: torch.tensor(value, dtype=torch.float64, requires_grad=True) for key, value in params.items()}
    inputs = torch.tensor(X, dtype=torch.float64)
    Z2 = torch.nn.functional.linear(inputs, leaves["W1"].T, leaves["b1"])
    A2 = torch.relu(Z2)
    Z3 = torch.nn.functional.linear(A2, leaves["W2"].T, leaves["b2"])
    P = torch.softmax(Z3, dim=1)
    data_loss = torch.nn.functional.cross_entropy(Z3, torch.tensor(y))
    loss = data_loss + reg * (leaves["W1"].square().sum() + leaves["W2"].square().sum())
    loss.backward()
    return {
        "cache": {name: value.tolist() for name, value in {"Z2": Z2, "A2": A2, "Z3": Z3, "P": P}.items()},
        "data_loss": data_loss.item(),
        "loss": loss.item(),
        "grads": {key: leaf.grad.tolist() for key, leaf in leaves.items()},
    }


def main() -> None:
    from helpers import problems

    collected = {}
    problems._with_answers = lambda name, *problem, reg: collected.update({name: answers(*problem, reg)})
    problems.toy_problem()
    problems.second_probe()
    Path(problems.__file__).with_name("answers.json").write_text(json.dumps(collected, indent=1) + "\n")


if __name__ == "__main__":
    main()
