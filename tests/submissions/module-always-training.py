"""Normalises with the batch in evaluation, too.

loses: q7c-module

says: In evaluation it still normalises with the batch: how does a module know its mode?
"""


# %% q7c-module
class BatchNorm(nn.Module):
    def __init__(self, D, momentum=0.1, eps=1e-5):
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.gamma = nn.Parameter(torch.ones(D))
        self.beta = nn.Parameter(torch.zeros(D))
        self.register_buffer("running_mean", torch.zeros(D))
        self.register_buffer("running_var", torch.ones(D))

    def forward(self, X):
        out, self.running_mean, self.running_var = batch_norm(
            X, self.gamma, self.beta, self.running_mean, self.running_var, True, self.momentum, self.eps
        )
        return out
