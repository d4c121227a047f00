"""Finds windows by index arrays, adds back with np.add.at, and gathers what a maximum was chosen from.

loses: nothing
"""


# %% q8a-size
def output_size(size, kernel, stride=1, padding=0):
    return int(np.floor((size + 2 * padding - kernel) / stride)) + 1


# %% q8a-loops
def convolve_by_loops(X, W, b, stride=1, padding=0):
    N, C, height, width = X.shape
    F, k = W.shape[0], W.shape[3]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    down, across = ((side + 2 * padding - k) // stride + 1 for side in (height, width))
    Y = np.zeros((N, F, down, across))
    for n in range(N):
        for f in range(F):
            for i in range(down):
                for j in range(across):
                    Y[n, f, i, j] = b[f]
                    for c in range(C):
                        window = padded[n, c, stride * i : stride * i + k, stride * j : stride * j + k]
                        Y[n, f, i, j] += np.vdot(window, W[f, c])
    return Y


# %% q8a-columns
def places(height, width, kernel, stride, padding):
    starts = [np.arange(0, side + 2 * padding - kernel + 1, stride) for side in (height, width)]
    u, v = np.indices((kernel, kernel))
    rows = starts[0][:, None, None, None] + u
    return np.broadcast_arrays(rows, starts[1][None, :, None, None] + v)


def columns(X, kernel, stride=1, padding=0):
    rows, across = places(*X.shape[2:], kernel, stride, padding)
    padded = np.pad(X, [(0, 0)] * 2 + [(padding, padding)] * 2)
    windows = padded[:, :, rows, across]
    return np.moveaxis(windows, 1, 3).reshape(-1, X.shape[1] * kernel * kernel)


# %% q8a-convolve
def convolve(X, W, b, stride=1, padding=0):
    k = W.shape[2]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    down, across = (1 + (side - k) // stride for side in padded.shape[2:])
    Y = np.tile(b[None, :, None, None], (len(X), 1, down, across))
    for u in range(k):
        for v in range(k):
            part = padded[:, :, u : u + stride * down : stride, v : v + stride * across : stride]
            Y += np.einsum("ncij,fc->nfij", part, W[:, :, u, v], optimize=True)
    return Y


# %% q8a-fold
def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, height, width = shape
    indices = np.arange(N * C * height * width).reshape(shape) + 1  # 0 is the padding's
    frame = np.pad(indices, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(frame, (kernel, kernel), axis=(2, 3))[:, :, ::stride, ::stride]
    sums = np.zeros(indices.size + 1)
    np.add.at(sums, windows.transpose(0, 2, 3, 1, 4, 5).ravel(), rows.ravel())
    return sums[1:].reshape(shape)


# %% q8a-backward
def convolve_backward(G, X, W, stride=1, padding=0):
    k = W.shape[2]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dW, below = np.zeros(W.shape), np.zeros(padded.shape)
    down, across = G.shape[2:]
    for u in range(k):
        for v in range(k):
            there = np.s_[:, :, u : u + stride * down : stride, v : v + stride * across : stride]
            dW[:, :, u, v] = np.einsum("nfij,ncij->fc", G, padded[there])
            below[there] += np.einsum("nfij,fc->ncij", G, W[:, :, u, v])
    inside = slice(padding, -padding) if padding else slice(None)
    return below[:, :, inside, inside], dW, np.einsum("nfij->f", G)


# %% q8b-pool
def max_pool(X, size=2):
    down, across = X.shape[2] // size, X.shape[3] // size
    Y = np.full((*X.shape[:2], down, across), -np.inf)
    for u in range(size):
        for v in range(size):
            Y = np.maximum(Y, X[:, :, u : down * size : size, v : across * size : size])
    return Y


# %% q8b-pool-backward
def max_pool_backward(G, X, size=2):
    down, across = G.shape[2:]
    dX, given = np.zeros_like(X), np.zeros(G.shape, dtype=bool)
    largest = max_pool(X, size)
    for u in range(size):
        for v in range(size):
            there = np.s_[:, :, u : down * size : size, v : across * size : size]
            chosen = (X[there] == largest) & ~given
            dX[there] = np.where(chosen, G, 0.0)
            given |= chosen
    return dX


# %% q8c-receptive
def receptive_field(layers):
    if not layers:
        return 1
    *before, (kernel, _) = layers
    distance = int(np.prod([stride for _, stride in before]))
    return receptive_field(before) + (kernel - 1) * distance


# %% q8c-network
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        self.depth, self.steps = depth, nn.ModuleDict()
        for number, width in enumerate(widths):
            for turn in range(depth):
                inputs = width if turn else ([channels] + list(widths))[number]
                self.steps[f"conv{number}_{turn}"] = nn.Conv2d(inputs, width, (3, 3), padding=(1, 1))
                self.steps[f"norm{number}_{turn}"] = nn.BatchNorm2d(width)
        self.blocks = len(widths)
        self.last = nn.Linear(widths[-1], num_classes)

    def forward(self, X):
        for number in range(self.blocks):
            for turn in range(self.depth):
                X = self.steps[f"norm{number}_{turn}"](self.steps[f"conv{number}_{turn}"](X)).clamp(min=0)
            X = nn.functional.max_pool2d(X, 2)
        return self.last(X.flatten(2).mean(dim=2))
