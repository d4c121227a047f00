"""Takes mean and variance for constants on the way back.

loses: q7c-function

says: This is the direct way alone, with mean and variance as constants: how many terms has the bracket of (7.8)?
"""


# %% q7c-function
class BatchNormFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, gamma, beta, eps):
        std = torch.sqrt(X.var(0, correction=0) + eps)
        X_hat = (X - X.mean(0)) / std
        ctx.save_for_backward(X_hat, gamma, std)
        return gamma * X_hat + beta

    @staticmethod
    def backward(ctx, G):
        X_hat, gamma, std = ctx.saved_tensors
        return gamma * G / std, (G * X_hat).sum(0), G.sum(0), None
