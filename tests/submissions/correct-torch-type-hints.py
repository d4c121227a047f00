"""Annotates everything, keeps docstrings, and forgets gradients by hand.

loses: nothing
"""

# %% q4a-model
from collections.abc import Sequence


class MultiLayerPerceptron(nn.Module):
    """A fully connected network."""

    def __init__(
        self,
        input_size: int,
        hidden_sizes: Sequence[int],
        num_classes: int,
        activation: str = "relu",
        batch_norm: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        widths: list[int] = [input_size, *hidden_sizes]
        self.hidden: nn.Sequential = nn.Sequential()
        for n_in, n_out in pairwise(widths):
            self.hidden.append(nn.Linear(in_features=n_in, out_features=n_out, bias=True))
            if batch_norm:
                self.hidden.append(nn.BatchNorm1d(num_features=n_out))
            self.hidden.append(ACTIVATIONS[activation]())
            if dropout > 0.0:
                self.hidden.append(nn.Dropout(p=dropout))
        self.head: nn.Linear = nn.Linear(widths[-1], num_classes)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return self.head(self.hidden(X))


# %% q4a-copy
def copy_parameters(model: nn.Module, params: dict[str, np.ndarray]) -> None:
    """Copy the arrays into the model."""
    linear: list[nn.Linear] = [part for part in model.modules() if isinstance(part, nn.Linear)]
    assert len(linear) == 2
    with torch.no_grad():
        linear[0].weight.copy_(torch.from_numpy(params["W1"].T.copy()))
        linear[0].bias.copy_(torch.from_numpy(params["b1"].copy()))
        linear[1].weight.copy_(torch.from_numpy(params["W2"].T.copy()))
        linear[1].bias.copy_(torch.from_numpy(params["b2"].copy()))


# %% q4b-epoch
def train_epoch(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    X: torch.Tensor,
    y: torch.Tensor,
    batch_size: int,
    generator: torch.Generator,
) -> float:
    """One epoch."""
    model.train()
    total: float = 0.0
    indices: torch.Tensor = torch.randperm(X.size(0), generator=generator).to(X.device)
    for batch in torch.split(indices, batch_size):
        for parameter in model.parameters():
            parameter.grad = None
        loss: torch.Tensor = nn.functional.cross_entropy(model(X[batch]), y[batch])
        loss.backward()
        optimizer.step()
        total += float(loss) * batch.numel()
    return float(total / X.size(0))


# %% q4b-accuracy
def accuracy(model: nn.Module, X: torch.Tensor, y: torch.Tensor, batch_size: int = 1000) -> float:
    """The share of right answers."""
    model.eval()
    correct: int = 0
    with torch.no_grad():
        for X_batch, y_batch in zip(X.split(batch_size), y.split(batch_size), strict=True):
            correct += int(torch.eq(model(X_batch).argmax(dim=1), y_batch).sum().item())
    return correct / X.size(0)


# %% q4c-init
def he_initialise(model: nn.Module) -> None:
    """He's initialisation."""
    for part in model.modules():
        if isinstance(part, nn.Linear):
            nn.init.normal_(part.weight, mean=0.0, std=float(np.sqrt(2.0 / part.in_features)))
            nn.init.zeros_(part.bias)
