"""Keeps the layers in a ModuleList and loops over them; copies through the state dict; lets a DataLoader shuffle.

loses: nothing
"""


# %% q4a-model
class MultiLayerPerceptron(nn.Module):
    def __init__(self, input_size, hidden_sizes, num_classes, activation="relu", batch_norm=False, dropout=0.0):
        super().__init__()
        self.out = nn.Linear(hidden_sizes[-1] if hidden_sizes else input_size, num_classes)
        self.drops = nn.ModuleList()
        self.norms = nn.ModuleList()
        self.fcs = nn.ModuleList()
        for i, h in enumerate(hidden_sizes):
            self.fcs.append(nn.Linear(input_size if i == 0 else hidden_sizes[i - 1], h))
            self.norms.append(nn.BatchNorm1d(h) if batch_norm else nn.Identity())
            self.drops.append(nn.Dropout(dropout))
        self.act = ACTIVATIONS[activation]()

    def forward(self, X):
        for fc, norm, drop in zip(self.fcs, self.norms, self.drops):
            X = drop(self.act(norm(fc(X))))
        return self.out(X)


# %% q4a-copy
def copy_parameters(model, params):
    names = [name for name, part in model.named_modules() if isinstance(part, nn.Linear)]
    state = model.state_dict()
    for name, number in zip(names, "12"):
        state[f"{name}.weight"] = torch.tensor(params["W" + number]).T
        state[f"{name}.bias"] = torch.tensor(params["b" + number])
    model.load_state_dict(state)


# %% q4b-epoch
from torch.utils.data import DataLoader, TensorDataset


def train_epoch(model, optimizer, X, y, batch_size, generator):
    loader = DataLoader(TensorDataset(X, y), batch_size=batch_size, shuffle=True, generator=generator)
    criterion = nn.CrossEntropyLoss()
    model.train()
    running_loss = 0.0
    for inputs, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item() * inputs.size(0)
    return running_loss / len(loader.dataset)


# %% q4b-accuracy
@torch.no_grad()
def accuracy(model, X, y, batch_size=1000):
    model.eval()
    hits = 0
    for X_part, y_part in zip(torch.split(X, batch_size), torch.split(y, batch_size)):
        _, predicted = torch.max(model(X_part), 1)
        hits += torch.sum(predicted == y_part).item()
    return hits / len(y)


# %% q4c-init
@torch.no_grad()
def he_initialise(model):
    for part in model.modules():
        if isinstance(part, nn.Linear):
            part.weight.normal_(0, (2 / part.weight.shape[1]) ** 0.5)
            part.bias.zero_()
