"""Gives no gradient for beta.

loses: q7c-function

says: not so: your backward returns a gradient of beta
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
        dX = gamma / std * (G - G.mean(0) - X_hat * (G * X_hat).mean(0))
        return dX, (G * X_hat).sum(0), None, None
