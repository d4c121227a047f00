"""Collects windows by slices, adds them up by windows, differentiates by einsum, and writes the network with functions.

loses: nothing
"""


# %% q8a-size
def output_size(size, kernel, stride=1, padding=0):
    return len(range(0, size + 2 * padding - kernel + 1, stride))


# %% q8a-loops
def convolve_by_loops(X, W, b, stride=1, padding=0):
    N, C, H, V = X.shape
    F, _, k, _ = W.shape
    h, v = output_size(H, k, stride, padding), output_size(V, k, stride, padding)
    padded = np.zeros((N, C, H + 2 * padding, V + 2 * padding))
    padded[:, :, padding : padding + H, padding : padding + V] = X
    Y = np.empty((N, F, h, v))
    for i in range(h):
        for j in range(v):
            window = padded[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
            for f in range(F):
                Y[:, f, i, j] = (window * W[f]).sum(axis=(1, 2, 3)) + b[f]
    return Y


# %% q8a-columns
def columns(X, kernel, stride=1, padding=0):
    N, C, H, V = X.shape
    padded = np.pad(X, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    h, v = (H + 2 * padding - kernel) // stride + 1, (V + 2 * padding - kernel) // stride + 1
    rows = np.empty((N, h, v, C, kernel, kernel))
    for a in range(kernel):
        for b in range(kernel):
            part = padded[:, :, a : a + stride * h : stride, b : b + stride * v : stride]
            rows[..., a, b] = part.transpose(0, 2, 3, 1)
    return rows.reshape(N * h * v, -1)


# %% q8a-convolve
def convolve(X, W, b, stride=1, padding=0):
    padded = np.pad(X, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    windows = np.lib.stride_tricks.sliding_window_view(padded, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.tensordot(windows, W, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2) + b.reshape(1, -1, 1, 1)


# %% q8a-fold
def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    out = np.zeros((N, C, H + 2 * padding, V + 2 * padding))
    h, v = (H + 2 * padding - kernel) // stride + 1, (V + 2 * padding - kernel) // stride + 1
    blocks = rows.reshape(N, h, v, C, kernel, kernel)
    for i in range(h):
        for j in range(v):
            out[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel] += blocks[:, i, j]
    return out[:, :, padding : padding + H, padding : padding + V].copy()


# %% q8a-backward
def convolve_backward(G, X, W, stride=1, padding=0):
    h, v = G.shape[2:]
    k = W.shape[2]
    padded = np.pad(X, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    dX, dW = np.zeros_like(padded), np.zeros_like(W)
    for i in range(h):
        for j in range(v):
            place = np.s_[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
            dW += np.einsum("nf,ncuv->fcuv", G[:, :, i, j], padded[place])
            dX[place] += np.einsum("nf,fcuv->ncuv", G[:, :, i, j], W)
    H, V = X.shape[2:]
    return dX[:, :, padding : padding + H, padding : padding + V], dW, G.sum((0, 2, 3))


# %% q8b-pool
def max_pool(X, size=2):
    H, V = X.shape[2] // size * size, X.shape[3] // size * size
    shifted = [X[:, :, a:H:size, b:V:size] for a in range(size) for b in range(size)]
    return np.max(shifted, axis=0)


# %% q8b-pool-backward
def max_pool_backward(G, X, size=2):
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(*G.shape):
        window = X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dX[n, c, i * size + a, j * size + b] = G[n, c, i, j]
    return dX


# %% q8c-receptive
def receptive_field(layers):
    side = 1
    for kernel, stride in reversed(layers):
        side = (side - 1) * stride + kernel
    return side


# %% q8c-network
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        sizes = [channels] + [width for width in widths for _ in range(depth)]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, kernel_size=3, stride=1, padding="same") for a, b in zip(sizes, sizes[1:])
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(size) for size in sizes[1:])
        self.depth = depth
        self.out = nn.Linear(sizes[-1], num_classes)

    def forward(self, X):
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms), 1):
            X = torch.relu(norm(convolution(X)))
            if number % self.depth == 0:
                X = nn.functional.max_pool2d(X, kernel_size=2)
        return self.out(nn.functional.adaptive_avg_pool2d(X, 1).flatten(1))
