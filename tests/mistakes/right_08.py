"""Right answers to notebook 08 that look different: each must keep its marks.

loses: nothing
"""

# %% q8a-size · math-floor
# Rounds down with Python's own floor.
import math


def output_size(size, kernel, stride=1, padding=0):
    return 1 + math.floor((size + 2 * padding - kernel) / stride)


# %% q8a-size · divmod
# Divides with a rest.
def output_size(size, kernel, stride=1, padding=0):
    steps, _rest = divmod(size + 2 * padding - kernel, stride)
    return steps + 1


# %% q8a-size · one-inside
# Brings the 1 inside of the division, with type hints.
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """(8.2)"""
    return (size + padding + padding - kernel + stride) // stride


# %% q8a-size · counting
# Counts while the filter fits.
def output_size(size, kernel, stride=1, padding=0):
    places, left = 0, 0
    while left + kernel <= size + 2 * padding:
        places += 1
        left += stride
    return places


# %% q8a-size · sum-of-ones
# Counts left edges.
def output_size(size, kernel, stride=1, padding=0):
    return sum(1 for left in range(-padding, size + padding - kernel + 1) if (left + padding) % stride == 0)


# %% q8a-size · rounded-up
# Rounds up the number of left edges.
def output_size(size, kernel, stride=1, padding=0):
    edges = size + 2 * padding - kernel + 1
    return -(-edges // stride)


# %% q8a-size · size-recursion
# Takes one step, and asks again.
def output_size(size, kernel, stride=1, padding=0):
    if padding:
        return output_size(size + 2 * padding, kernel, stride)
    return 0 if size < kernel else 1 + output_size(size - stride, kernel, stride)


# %% q8a-size · windows-of-a-line
# Looks how many windows NumPy finds on a line.
def output_size(size, kernel, stride=1, padding=0):
    line = np.pad(np.zeros(size), padding)
    return np.lib.stride_tricks.sliding_window_view(line, kernel)[::stride].shape[0]


# %% q8a-size · floor-divide
# Returns an integer of NumPy.
def output_size(size, kernel, stride=1, padding=0):
    return np.floor_divide(size + 2 * padding - kernel, stride) + 1


# %% q8a-size · arange
# Takes the size of the range of left edges.
def output_size(size, kernel, stride=1, padding=0):
    last = size + 2 * padding - kernel
    print("left edges up to", last)
    return np.arange(0, last + 1, stride).size


# %% q8a-loops · all-seven-sums
# Loops over all seven indices of (8.1).
def convolve_by_loops(X, W, b, stride=1, padding=0):
    N, C, H, width = X.shape
    F, C, k, k = W.shape
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, across = (H + 2 * padding - k) // stride + 1, (width + 2 * padding - k) // stride + 1
    Y = np.zeros((N, F, rows, across))
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(across):
                    total = b[f]
                    for c in range(C):
                        for u in range(k):
                            for v in range(k):
                                total += W[f, c, u, v] * padded[n, c, stride * i + u, stride * j + v]
                    Y[n, f, i, j] = total
    return Y


# %% q8a-loops · no-padding-array
# Asks of each pixel whether it is in the image, and leaves the zeros out.
def convolve_by_loops(X, W, b, stride=1, padding=0):
    N, _C, H, V = X.shape
    F, _, k, _ = W.shape
    Y = np.empty((N, F, (H + 2 * padding - k) // stride + 1, (V + 2 * padding - k) // stride + 1))
    for n, f, i, j in np.ndindex(*Y.shape):
        Y[n, f, i, j] = b[f]
        for u, v in np.ndindex(k, k):
            row, column = stride * i + u - padding, stride * j + v - padding
            if 0 <= row < H and 0 <= column < V:
                Y[n, f, i, j] += W[f, :, u, v] @ X[n, :, row, column]
    return Y


# %% q8a-loops · product
# Loops over the product of four ranges, and multiplies with vdot.
from itertools import product


def convolve_by_loops(X, W, b, stride=1, padding=0):
    padded = np.pad(X, [(0, 0), (0, 0), (padding, padding), (padding, padding)], mode="constant")
    k = W.shape[-1]
    down = (padded.shape[2] - k) // stride + 1
    across = (padded.shape[3] - k) // stride + 1
    Y = np.zeros((len(X), len(W), down, across))
    for n, f, i, j in product(range(len(X)), range(len(W)), range(down), range(across)):
        top, left = i * stride, j * stride
        Y[n, f, i, j] = np.vdot(padded[n, :, top : top + k, left : left + k], W[f]) + b[f]
    return Y


# %% q8a-loops · enumerate-and-zip
# Loops over images and filters themselves.
def convolve_by_loops(X, W, b, stride=1, padding=0):
    k = W.shape[2]
    H, V = X.shape[2] + 2 * padding, X.shape[3] + 2 * padding
    tops, lefts = range(0, H - k + 1, stride), range(0, V - k + 1, stride)
    Y = np.zeros((len(X), len(W), len(tops), len(lefts)))
    for n, image in enumerate(X):
        framed = np.zeros((image.shape[0], H, V))
        framed[:, padding : H - padding, padding : V - padding] = image
        for f, (w, bias) in enumerate(zip(W, b)):
            for i, top in enumerate(tops):
                for j, left in enumerate(lefts):
                    Y[n, f, i, j] = bias + (framed[:, top : top + k, left : left + k] * w).sum()
    return Y


# %% q8a-loops · nested-lists
# Makes nested lists, with type hints and a function for one number.
def convolve_by_loops(X: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> np.ndarray:
    k = W.shape[2]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    down, across = (padded.shape[2] - k) // stride + 1, (padded.shape[3] - k) // stride + 1

    def number(image: np.ndarray, f: int, i: int, j: int) -> float:
        window = image[:, i * stride : i * stride + k, j * stride : j * stride + k]
        return float(np.tensordot(window, W[f], axes=3)) + b[f]

    return np.array(
        [
            [[[number(image, f, i, j) for j in range(across)] for i in range(down)] for f in range(len(W))]
            for image in padded
        ]
    )


# %% q8a-loops · bias-first
# Starts with the biases, and adds.
def convolve_by_loops(X, W, b, stride=1, padding=0):
    N, _C, H, V = X.shape
    F, k = W.shape[0], W.shape[2]
    h, v = output_size(H, k, stride, padding), output_size(V, k, stride, padding)
    Y = np.zeros((N, F, h, v)) + b[None, :, None, None]
    padded = np.pad(X, ((0,), (0,), (padding,), (padding,)))
    for n in range(N):
        for i in range(h):
            for j in range(v):
                window = padded[n, :, stride * i : stride * i + k, stride * j : stride * j + k].ravel()
                for f in range(F):
                    Y[n, f, i, j] += window @ W[f].ravel()
    return Y


# %% q8a-loops · einsum-of-a-window
# Multiplies all filters with a window by einsum.
def convolve_by_loops(X, W, b, stride=1, padding=0):
    N, C, H, V = X.shape
    F, C, k, _ = W.shape
    padded = np.zeros((N, C, H + 2 * padding, V + 2 * padding))
    padded[:, :, padding : padding + H, padding : padding + V] = X
    h, v = 1 + (H + 2 * padding - k) // stride, 1 + (V + 2 * padding - k) // stride
    Y = np.zeros((N, F, h, v))
    for n in range(N):
        for i in range(h):
            for j in range(v):
                window = padded[n, :, i * stride : i * stride + k, j * stride : j * stride + k]
                Y[n, :, i, j] = np.einsum("fcuv,cuv->f", W, window) + b
    return Y


# %% q8a-loops · while
# Moves the window while it fits.
def convolve_by_loops(X, W, b, stride=1, padding=0):
    k = W.shape[3]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    results = []
    for image in padded:
        for w, bias in zip(W, b):
            plane, top = [], 0
            while top + k <= image.shape[1]:
                line, left = [], 0
                while left + k <= image.shape[2]:
                    line.append(np.sum(w * image[:, top : top + k, left : left + k]) + bias)
                    left += stride
                plane.append(line)
                top += stride
            results.append(plane)
    return np.array(results).reshape(len(X), len(W), *np.shape(results)[1:])


# %% q8a-loops · channel-by-channel
# Sums over the channels in a loop of their own, in another order of loops.
def convolve_by_loops(X, W, b, stride=1, padding=0):
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, C, H, V = padded.shape
    F, _, k, _ = W.shape
    Y = np.zeros((N, F, (H - k) // stride + 1, (V - k) // stride + 1))
    for j in range(Y.shape[3]):
        for i in range(Y.shape[2]):
            here = np.s_[i * stride : i * stride + k, j * stride : j * stride + k]
            for f in range(F):
                for n in range(N):
                    Y[n, f, i, j] = sum(np.multiply(padded[n, c][here], W[f, c]).sum() for c in range(C)) + b[f]
    return Y


# %% q8a-loops · fills-a-flat-array
# Fills a flat array from the front.
def convolve_by_loops(X, W, b, stride=1, padding=0):
    print("slow:", len(X), "images")
    k = W.shape[2]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    h, v = (padded.shape[2] - k) // stride + 1, (padded.shape[3] - k) // stride + 1
    flat, place = np.empty(len(X) * len(W) * h * v), 0
    for image in padded:
        for f in range(len(W)):
            for top in range(0, h * stride, stride):
                for left in range(0, v * stride, stride):
                    flat[place] = np.dot(image[:, top : top + k, left : left + k].flatten(), W[f].flatten()) + b[f]
                    place += 1
    return flat.reshape(len(X), len(W), h, v)


# %% q8a-columns · columns-as-strided
# Makes the view of all windows by strides.
def columns(X, kernel, stride=1, padding=0):
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, C, H, V = padded.shape
    h, v = (H - kernel) // stride + 1, (V - kernel) // stride + 1
    n, c, down, right = padded.strides
    windows = np.lib.stride_tricks.as_strided(
        padded,
        shape=(N, h, v, C, kernel, kernel),
        strides=(n, stride * down, stride * right, c, down, right),
    )
    return windows.reshape(N * h * v, C * kernel * kernel)


# %% q8a-columns · columns-loops-over-places
# Collects window by window.
def columns(X, kernel, stride=1, padding=0):
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows = []
    for image in padded:
        for top in range(0, image.shape[1] - kernel + 1, stride):
            for left in range(0, image.shape[2] - kernel + 1, stride):
                rows.append(image[:, top : top + kernel, left : left + kernel].ravel())
    return np.array(rows)


# %% q8a-columns · windows-of-all-channels
# Lets a window go through all channels.
def columns(X, kernel, stride=1, padding=0):
    C = X.shape[1]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (C, kernel, kernel), axis=(1, 2, 3))
    windows = windows[:, 0, ::stride, ::stride]
    return windows.reshape(-1, C * kernel * kernel)


# %% q8a-columns · columns-index-arrays
# Makes three index arrays of the window's entries and of the places, as a well-known course does.
def columns(X, kernel, stride=1, padding=0):
    N, C, H, V = X.shape
    h, v = (H + 2 * padding - kernel) // stride + 1, (V + 2 * padding - kernel) // stride + 1
    i0 = np.tile(np.repeat(np.arange(kernel), kernel), C)
    j0 = np.tile(np.arange(kernel), kernel * C)
    i1 = stride * np.repeat(np.arange(h), v)
    j1 = stride * np.tile(np.arange(v), h)
    i, j = i1.reshape(-1, 1) + i0.reshape(1, -1), j1.reshape(-1, 1) + j0.reshape(1, -1)
    k = np.repeat(np.arange(C), kernel * kernel).reshape(1, -1)
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    return padded[:, k, i, j].reshape(N * h * v, -1)


# %% q8a-columns · image-with-six-indices
# Fills an array with six indices pixel by pixel of the window, and transposes it.
def columns(X, kernel, stride=1, padding=0):
    N, C, H, W = X.shape
    out_h = (H + 2 * padding - kernel) // stride + 1
    out_w = (W + 2 * padding - kernel) // stride + 1
    img = np.pad(X, [(0, 0), (0, 0), (padding, padding), (padding, padding)], "constant")
    col = np.zeros((N, C, kernel, kernel, out_h, out_w))
    for y in range(kernel):
        y_max = y + stride * out_h
        for x in range(kernel):
            x_max = x + stride * out_w
            col[:, :, y, x, :, :] = img[:, :, y:y_max:stride, x:x_max:stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * out_h * out_w, -1)


# %% q8a-columns · columns-flat-indices
# Takes from each padded image by flat indices.
def columns(X, kernel, stride=1, padding=0):
    N, C = X.shape[:2]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    numbers = np.arange(padded[0].size).reshape(padded.shape[1:])
    h, v = ((side - kernel) // stride + 1 for side in padded.shape[2:])
    places = np.array(
        [
            numbers[:, stride * i : stride * i + kernel, stride * j : stride * j + kernel].ravel()
            for i in range(h)
            for j in range(v)
        ]
    )
    return np.take(padded.reshape(N, -1), places, axis=1).reshape(N * h * v, C * kernel**2)


# %% q8a-columns · columns-tensor-unfold
# Unfolds a tensor along both sides.
def columns(X, kernel, stride=1, padding=0):
    T = nn.functional.pad(torch.from_numpy(X), (padding, padding, padding, padding))
    windows = T.unfold(2, kernel, stride).unfold(3, kernel, stride)
    return windows.permute(0, 2, 3, 1, 4, 5).reshape(-1, X.shape[1] * kernel**2).numpy()


# %% q8a-columns · stack-of-slices
# Stacks the slices of all pixels of the window, with type hints.
def columns(X: np.ndarray, kernel: int, stride: int = 1, padding: int = 0) -> np.ndarray:
    N, C, H, V = X.shape
    padded = np.zeros((N, C, H + 2 * padding, V + 2 * padding), dtype=X.dtype)
    padded[:, :, padding : padding + H, padding : padding + V] = X
    h, v = output_size(H, kernel, stride, padding), output_size(V, kernel, stride, padding)
    slices = [
        padded[:, :, u : u + stride * h : stride, w : w + stride * v : stride]
        for u in range(kernel)
        for w in range(kernel)
    ]
    return np.moveaxis(np.stack(slices, axis=2), (3, 4), (1, 2)).reshape(N * h * v, C * kernel * kernel)


# %% q8a-columns · einsum-of-a-view
# Brings the axes of the windows into order by einsum.
def columns(X, kernel, stride=1, padding=0):
    around = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    view = np.lib.stride_tricks.sliding_window_view(np.pad(X, around), (kernel, kernel), (-2, -1))
    ordered = np.einsum("ncijuv->nijcuv", view[:, :, ::stride, ::stride])
    N, h, v = ordered.shape[:3]
    return np.ascontiguousarray(ordered).reshape(N * h * v, -1)


# %% q8a-columns · columns-one-image-at-a-time
# Makes the rows of one image, and concatenates.
def of_one(image, kernel, stride):
    C, H, V = image.shape
    down, right = np.arange(0, H - kernel + 1, stride), np.arange(0, V - kernel + 1, stride)
    pixels = np.arange(kernel)
    return image[
        np.arange(C)[None, None, :, None, None],
        (down[:, None] + pixels)[:, None, None, :, None],
        (right[:, None] + pixels)[None, :, None, None, :],
    ].reshape(len(down) * len(right), -1)


def columns(X, kernel, stride=1, padding=0):
    padded = np.pad(X, [(0, 0)] * 2 + [(padding, padding)] * 2)
    return np.concatenate([of_one(image, kernel, stride) for image in padded])


# %% q8a-convolve · output-size
# Asks output_size for the sides.
def convolve(X, W, b, stride=1, padding=0):
    N, C, H, V = X.shape
    F, C, k, k = W.shape
    h, v = output_size(H, k, stride, padding), output_size(V, k, stride, padding)
    product = np.dot(columns(X, k, stride, padding), W.reshape(F, C * k * k).T)
    return (product + b).reshape(N, h, v, F).transpose(0, 3, 1, 2)


# %% q8a-convolve · convolve-filters-first
# Has the filters first in the product, and images second.
def convolve(X, W, b, stride=1, padding=0):
    N, _, H, V = X.shape
    F, _, k, _ = W.shape
    h = (H + 2 * padding - k) // stride + 1
    v = (V + 2 * padding - k) // stride + 1
    Y = W.reshape(F, -1) @ columns(X, k, stride, padding).T + b.reshape(-1, 1)
    return Y.reshape(F, N, h, v).swapaxes(0, 1)


# %% q8a-convolve · images-side-by-side
# Multiplies a stack of matrices, one for each image.
def convolve(X, W, b, stride=1, padding=0):
    N, F, k = len(X), len(W), W.shape[2]
    h, v = ((side + 2 * padding - k) // stride + 1 for side in X.shape[2:])
    stacked = columns(X, k, stride, padding).reshape(N, h * v, -1).transpose(0, 2, 1)
    return (np.matmul(W.reshape(F, -1), stacked) + b[:, None]).reshape(N, F, h, v)


# %% q8a-convolve · convolve-einsum-of-windows
# Multiplies windows and filters by one einsum.
def convolve(X, W, b, stride=1, padding=0):
    k = W.shape[2]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijuv,fcuv->nfij", windows, W) + b[None, :, None, None]


# %% q8a-convolve · convolve-bias-as-a-weight
# Appends a column of ones to the windows, and the biases to the filters.
def convolve(X, W, b, stride=1, padding=0):
    N, F, k = X.shape[0], W.shape[0], W.shape[2]
    rows = columns(X, k, stride, padding)
    rows = np.hstack([rows, np.ones((len(rows), 1))])
    filters = np.hstack([W.reshape(F, -1), b[:, None]])
    h = (X.shape[2] + 2 * padding - k) // stride + 1
    return np.moveaxis((rows @ filters.T).reshape(N, h, -1, F), -1, 1)


# %% q8a-convolve · convolve-as-strided
# Multiplies a strided view by tensordot.
def convolve(X, W, b, stride=1, padding=0):
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, C, H, V = padded.shape
    k = W.shape[3]
    n, c, down, right = padded.strides
    view = np.lib.stride_tricks.as_strided(
        padded,
        (N, C, (H - k) // stride + 1, (V - k) // stride + 1, k, k),
        (n, c, down * stride, right * stride, down, right),
        writeable=False,
    )
    return np.rollaxis(np.tensordot(view, W, axes=((1, 4, 5), (1, 2, 3))) + b, 3, 1)


# %% q8a-convolve · annotated-and-contiguous
# Returns an array in its own order, with type hints and a print.
def convolve(X: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> np.ndarray:
    F, _, k, _ = W.shape
    rows: np.ndarray = columns(X, kernel=k, stride=stride, padding=padding)
    print(f"{rows.shape} times {W.reshape(F, -1).T.shape}")
    sides = [(side + 2 * padding - k) // stride + 1 for side in X.shape[2:]]
    Y = np.matmul(rows, W.reshape(F, -1).T)
    Y += b
    return np.ascontiguousarray(Y.reshape(len(X), *sides, F).transpose(0, 3, 1, 2))


# %% q8a-convolve · convolve-pixels-of-the-window
# Adds a matrix product for each pixel of the window.
def convolve(X, W, b, stride=1, padding=0):
    N, C, H, V = X.shape
    F, _, k, _ = W.shape
    frame = np.zeros((N, H + 2 * padding, V + 2 * padding, C))
    frame[:, padding : padding + H, padding : padding + V] = X.transpose(0, 2, 3, 1)
    h, v = (H + 2 * padding - k) // stride + 1, (V + 2 * padding - k) // stride + 1
    Y = np.zeros((N, h, v, F)) + b
    for u in range(k):
        for w in range(k):
            Y += frame[:, u : u + stride * h : stride, w : w + stride * v : stride] @ W[:, :, u, w].T
    return Y.transpose(0, 3, 1, 2)


# %% q8a-convolve · convolve-index-arrays
# Finds windows by index arrays, and multiplies with them as they come.
def convolve(X, W, b, stride=1, padding=0):
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    F, C, k, _ = W.shape
    tops = np.arange(0, padded.shape[2] - k + 1, stride)[:, None] + np.arange(k)
    lefts = np.arange(0, padded.shape[3] - k + 1, stride)[:, None] + np.arange(k)
    windows = padded[:, :, tops[:, None, :, None], lefts[None, :, None, :]]
    N, _, h, v = windows.shape[:4]
    matrix = windows.transpose(1, 4, 5, 0, 2, 3).reshape(C * k * k, -1)
    Y = W.reshape(F, -1).dot(matrix) + b[:, np.newaxis]
    return Y.reshape(F, N, h, v).transpose(1, 0, 2, 3)


# %% q8a-convolve · convolve-tensor-unfold
# Unfolds a tensor, and multiplies tensors.
def convolve(X, W, b, stride=1, padding=0):
    T, filters, k = torch.from_numpy(X), torch.from_numpy(W), W.shape[2]
    T = torch.nn.functional.pad(T, (padding,) * 4)
    windows = T.unfold(2, k, stride).unfold(3, k, stride)
    Y = torch.einsum("nchwij,fcij->nfhw", windows, filters) + torch.from_numpy(b).view(1, -1, 1, 1)
    return Y.numpy()


# %% q8a-fold · fold-add-at
# Adds at index arrays of the padded image.
def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    h, v = (H + 2 * padding - kernel) // stride + 1, (V + 2 * padding - kernel) // stride + 1
    padded = np.zeros((N, C, H + 2 * padding, V + 2 * padding))
    n, i, j, c, u, w = np.indices((N, h, v, C, kernel, kernel))
    np.add.at(padded, (n, c, stride * i + u, stride * j + w), rows.reshape(n.shape))
    return padded[:, :, padding : padding + H, padding : padding + V]


# %% q8a-fold · row-by-row
# Goes through the rows, and counts images and places with them.
def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    padded = np.zeros((N, C, H + 2 * padding, V + 2 * padding))
    r = 0
    for n in range(N):
        for top in range(0, H + 2 * padding - kernel + 1, stride):
            for left in range(0, V + 2 * padding - kernel + 1, stride):
                padded[n, :, top : top + kernel, left : left + kernel] += rows[r].reshape(C, kernel, kernel)
                r += 1
    if padding == 0:
        return padded
    return padded[:, :, padding:-padding, padding:-padding]


# %% q8a-fold · entry-by-entry
# Adds every entry by itself, and leaves out what is not in the image.
def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    h, v = (H + 2 * padding - kernel) // stride + 1, (V + 2 * padding - kernel) // stride + 1
    out = np.zeros(shape)
    blocks = rows.reshape(N, h, v, C, kernel, kernel)
    for (n, i, j, c, u, w), value in np.ndenumerate(blocks):
        row, column = stride * i + u - padding, stride * j + w - padding
        if 0 <= row < H and 0 <= column < V:
            out[n, c, row, column] += value
    return out


# %% q8a-fold · bincount
# Sums by bincount over flat numbers of the padded pixels.
def fold_back(rows, shape, kernel, stride=1, padding=0):
    framed = (*shape[:2], shape[2] + 2 * padding, shape[3] + 2 * padding)
    size = int(np.prod(framed))
    numbers = np.arange(size).reshape(framed)
    windows = np.lib.stride_tricks.sliding_window_view(numbers, (kernel, kernel), axis=(2, 3))
    places = windows[:, :, ::stride, ::stride].transpose(0, 2, 3, 1, 4, 5)
    sums = np.bincount(places.ravel(), weights=rows.ravel(), minlength=size).reshape(framed)
    inside = slice(padding, sums.shape[2] - padding), slice(padding, sums.shape[3] - padding)
    return sums[:, :, inside[0], inside[1]]


# %% q8a-fold · columns-of-numbers
# Lets columns say where each entry came from; 0 is the padding.
def fold_back(rows, shape, kernel, stride=1, padding=0):
    numbers = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    came_from = columns(numbers, kernel, stride, padding).astype(int)
    sums = np.zeros(1 + numbers.size)
    np.add.at(sums, came_from, rows)
    return sums[1:].reshape(shape)


# %% q8a-fold · sparse-matrix
# Writes the copying as a sparse matrix, and multiplies with its transpose.
import scipy.sparse


def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    numbers = np.pad(np.arange(C * H * V).reshape(1, C, H, V), [(0, 0)] * 2 + [(padding,) * 2] * 2, constant_values=-1)
    view = np.lib.stride_tricks.sliding_window_view(numbers[0], (kernel, kernel), axis=(1, 2))
    places = view[:, ::stride, ::stride].transpose(1, 2, 0, 3, 4).ravel()
    real = places >= 0
    entries = np.flatnonzero(real)
    copying = scipy.sparse.csr_matrix((np.ones(entries.size), (places[real], entries)), (C * H * V, places.size))
    return (copying @ rows.reshape(N, -1).T).T.reshape(shape)


# %% q8a-fold · writeable-view
# Adds to a writeable view of the windows, pixel by pixel of the window.
def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    frame = np.zeros((N, C, H + 2 * padding, V + 2 * padding))
    view = np.lib.stride_tricks.sliding_window_view(frame, (kernel, kernel), axis=(2, 3), writeable=True)
    view = view[:, :, ::stride, ::stride]
    blocks = np.moveaxis(rows.reshape(N, *view.shape[2:4], C, kernel, kernel), 3, 1)
    for u in range(kernel):
        for w in range(kernel):
            view[..., u, w] += blocks[..., u, w]
    return frame[:, :, padding : H + padding, padding : V + padding].copy()


# %% q8a-fold · index-add
# Adds by index in PyTorch.
def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    tall, wide = H + 2 * padding, V + 2 * padding
    numbers = torch.arange(N * C * tall * wide).reshape(N, C, tall, wide)
    places = numbers.unfold(2, kernel, stride).unfold(3, kernel, stride).permute(0, 2, 3, 1, 4, 5)
    sums = torch.zeros(N * C * tall * wide, dtype=torch.float64)
    sums.index_add_(0, places.reshape(-1), torch.from_numpy(rows).reshape(-1))
    return sums.reshape(N, C, tall, wide)[:, :, padding : padding + H, padding : padding + V].numpy()


# %% q8a-fold · channels-last
# Adds with the channels last, with type hints.
def fold_back(
    rows: np.ndarray, shape: tuple[int, int, int, int], kernel: int, stride: int = 1, padding: int = 0
) -> np.ndarray:
    N, C, H, V = shape
    h, v = output_size(H, kernel, stride, padding), output_size(V, kernel, stride, padding)
    image = np.zeros((N, H + 2 * padding, V + 2 * padding, C))
    parts = rows.reshape(N, h, v, C, kernel * kernel)
    for number in range(kernel * kernel):
        u, w = divmod(number, kernel)
        image[:, u : u + h * stride : stride, w : w + v * stride : stride] += parts[..., number]
    return image[:, padding : padding + H, padding : padding + V].transpose(0, 3, 1, 2)


# %% q8a-fold · fold-one-image-at-a-time
# Has a function for one image, and stacks.
def one_image(blocks, shape, kernel, stride, padding):
    C, H, V = shape
    out = np.zeros((C, H + 2 * padding, V + 2 * padding))
    for i, line in enumerate(blocks):
        for j, block in enumerate(line):
            top, left = i * stride, j * stride
            out[:, top : top + kernel, left : left + kernel] = out[:, top : top + kernel, left : left + kernel] + block
    return out[:, padding : padding + H, padding : padding + V]


def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    h, v = (H + 2 * padding - kernel) // stride + 1, (V + 2 * padding - kernel) // stride + 1
    images = rows.reshape(N, h, v, C, kernel, kernel)
    return np.stack([one_image(blocks, shape[1:], kernel, stride, padding) for blocks in images])


# %% q8a-backward · backward-filters-first
# Has filters first, as in the forward product.
def convolve_backward(G, X, W, stride=1, padding=0):
    F, C, k, _ = W.shape
    G_matrix = G.transpose(1, 0, 2, 3).reshape(F, -1)
    rows = columns(X, k, stride, padding)
    dW = (G_matrix @ rows).reshape(F, C, k, k)
    dX = fold_back(G_matrix.T @ W.reshape(F, -1), X.shape, k, stride, padding)
    db = G_matrix.sum(axis=1)
    return dX, dW, db


# %% q8a-backward · backward-einsum-of-windows
# Sums over windows by einsum, and folds an einsum back.
def convolve_backward(G, X, W, stride=1, padding=0):
    k = W.shape[2]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    dW = np.einsum("nfij,ncijuv->fcuv", G, windows)
    below = np.einsum("nfij,fcuv->nijcuv", G, W)
    dX = fold_back(below.reshape(-1, W[0].size), X.shape, k, stride, padding)
    return dX, dW, np.einsum("nfij->f", G)


# %% q8a-backward · turned-filters
# Convolves the spread error signal with filters that are turned round.
def convolve_backward(G, X, W, stride=1, padding=0):
    F, _C, k, _ = W.shape
    N, _, H, V = X.shape
    tall, wide = H + 2 * padding - k + 1, V + 2 * padding - k + 1
    spread = np.zeros((N, F, tall, wide))
    spread[:, :, ::stride, ::stride] = G
    view = np.lib.stride_tricks.sliding_window_view
    around = np.pad(spread, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
    turned = W[:, :, ::-1, ::-1]
    dX = np.einsum("nfhwuv,fcuv->nchw", view(around, (k, k), axis=(2, 3)), turned)
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dW = np.einsum("ncuvhw,nfhw->fcuv", view(padded, (tall, wide), axis=(2, 3)), spread)
    return dX[:, :, padding : padding + H, padding : padding + V], dW, spread.sum(axis=(0, 2, 3))


# %% q8a-backward · loops-over-outputs
# Adds what each number of the output gives.
def convolve_backward(G, X, W, stride=1, padding=0):
    k = W.shape[2]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dX, dW, db = np.zeros_like(padded), np.zeros_like(W), np.zeros(len(W))
    for n, f, i, j in np.ndindex(G.shape):
        rows, across = slice(stride * i, stride * i + k), slice(stride * j, stride * j + k)
        dX[n, :, rows, across] += G[n, f, i, j] * W[f]
        dW[f] += G[n, f, i, j] * padded[n, :, rows, across]
        db[f] += G[n, f, i, j]
    H, V = X.shape[2:]
    return dX[:, :, padding : padding + H, padding : padding + V], dW, db


# %% q8a-backward · number-by-number
# Loops over all indices of (8.1), without an array of zeros around.
def convolve_backward(G, X, W, stride=1, padding=0):
    _N, C, H, V = X.shape
    F, _, k, _ = W.shape
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(F)
    for n, f, i, j in np.ndindex(*G.shape):
        g = G[n, f, i, j]
        db[f] += g
        for u, v in np.ndindex(k, k):
            h, w = stride * i + u - padding, stride * j + v - padding
            if h in range(H) and w in range(V):
                for c in range(C):
                    dX[n, c, h, w] += g * W[f, c, u, v]
                    dW[f, c, u, v] += g * X[n, c, h, w]
    return dX, dW, db


# %% q8a-backward · backward-bias-as-a-weight
# Gets filters and biases from one product, with a column of ones.
def convolve_backward(G, X, W, stride=1, padding=0):
    F, k = W.shape[0], W.shape[2]
    signal = np.moveaxis(G, 1, -1).reshape(-1, F)
    rows = columns(X, k, stride, padding)
    both = signal.T @ np.c_[rows, np.ones(len(rows))]
    dX = fold_back(signal @ W.reshape(F, -1), X.shape, k, stride, padding)
    return dX, both[:, :-1].reshape(W.shape), both[:, -1]


# %% q8a-backward · image-by-image
# Adds up the products of the images, with type hints.
def convolve_backward(
    G: np.ndarray, X: np.ndarray, W: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    F, _, k, _ = W.shape
    dX, dW, db = np.empty_like(X), np.zeros_like(W), np.zeros(F)
    for n in range(len(X)):
        g = G[n].reshape(F, -1)
        dW += (g @ columns(X[n : n + 1], k, stride, padding)).reshape(W.shape)
        db += g.sum(axis=1)
        dX[n : n + 1] = fold_back(g.T @ W.reshape(F, -1), (1, *X.shape[1:]), k, stride, padding)
    return dX, dW, db


# %% q8a-backward · linear-layer
# Calls the backward pass of a linear layer, and folds what it gives.
def linear_backward(G, X, W):
    """dX, dW and db of Z = X W + b."""
    return G @ W.T, X.T @ G, G.sum(axis=0)


def convolve_backward(G, X, W, stride=1, padding=0):
    F, k = len(W), W.shape[3]
    below, weights, db = linear_backward(
        np.transpose(G, (0, 2, 3, 1)).reshape(-1, F), columns(X, k, stride, padding), W.reshape(F, -1).T
    )
    return fold_back(below, X.shape, k, stride, padding), weights.T.reshape(W.shape), db


# %% q8a-backward · backward-pixels-of-the-window
# Multiplies for each pixel of the window, by tensordot.
def convolve_backward(G, X, W, stride=1, padding=0):
    k, (h, v) = W.shape[2], G.shape[2:]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dpadded, dW = np.zeros_like(padded), np.empty_like(W)
    for u in range(k):
        for w in range(k):
            part = np.s_[:, :, u : u + h * stride : stride, w : w + v * stride : stride]
            dW[:, :, u, w] = np.tensordot(G, padded[part], axes=((0, 2, 3), (0, 2, 3)))
            dpadded[part] += np.tensordot(G, W[:, :, u, w], axes=(1, 0)).transpose(0, 3, 1, 2)
    inner = dpadded[:, :, padding : dpadded.shape[2] - padding, padding : dpadded.shape[3] - padding]
    return inner, dW, G.sum(axis=3).sum(axis=2).sum(axis=0)


# %% q8a-backward · backward-add-at
# Finds windows by index arrays, and adds at them.
def convolve_backward(G, X, W, stride=1, padding=0):
    _F, _C, k, _ = W.shape
    (N, _, h, v), (H, V) = G.shape, X.shape[2:]
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    tops = (stride * np.arange(h)[:, None] + np.arange(k))[:, None, :, None]
    lefts = (stride * np.arange(v)[:, None] + np.arange(k))[None, :, None, :]
    dW = np.tensordot(G, padded[:, :, tops, lefts], axes=((0, 2, 3), (0, 2, 3)))
    dX = np.zeros_like(padded)
    np.add.at(dX, np.s_[:, :, tops, lefts], np.einsum("nfij,fcuv->ncijuv", G, W))
    print("largest slope", np.abs(dW).max())
    return dX[:, :, padding : padding + H, padding : padding + V], dW, G.sum(axis=(0, 2, 3))


# %% q8b-pool · reduceat
# Reduces rows, then columns, from the edges of the windows on.
def max_pool(X, size=2):
    H, V = X.shape[2] // size * size, X.shape[3] // size * size
    rows = np.maximum.reduceat(X[:, :, :H, :V], np.arange(0, H, size), axis=2)
    return np.maximum.reduceat(rows, np.arange(0, V, size), axis=3)


# %% q8b-pool · pool-four-loops
# Loops over images, channels and places.
def max_pool(X, size=2):
    N, C, H, V = X.shape
    Y = np.zeros((N, C, H // size, V // size))
    for n in range(N):
        for c in range(C):
            for i in range(H // size):
                for j in range(V // size):
                    Y[n, c, i, j] = np.max(X[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size])
    return Y


# %% q8b-pool · two-loops
# Loops over places only.
def max_pool(X, size=2):
    N, C, H, V = X.shape
    Y = np.empty((N, C, H // size, V // size))
    for i, j in np.ndindex(*Y.shape[2:]):
        window = X[:, :, i * size : i * size + size, j * size : j * size + size]
        Y[:, :, i, j] = window.max(axis=(2, 3))
    return Y


# %% q8b-pool · pool-as-strided
# Takes the largest of a strided view.
def max_pool(X, size=2):
    X = np.ascontiguousarray(X)
    N, C, H, V = X.shape
    n, c, down, right = X.strides
    shape = (N, C, H // size, V // size, size, size)
    return np.lib.stride_tricks.as_strided(X, shape, (n, c, size * down, size * right, down, right)).max((-2, -1))


# %% q8b-pool · flat-windows
# Makes a long last axis of each window, and sorts it.
def max_pool(X, size=2):
    N, C, H, V = X.shape
    h, v = H // size, V // size
    X = X[:, :, : h * size, : v * size].reshape(N, C, h, size, v, size)
    return np.sort(X.swapaxes(3, 4).reshape(N, C, h, v, size * size))[..., -1]


# %% q8b-pool · one-side-at-a-time
# Pools along one side, and then along the other, with type hints.
def along_last(X: np.ndarray, size: int) -> np.ndarray:
    places = X.shape[-1] // size
    return X[..., : places * size].reshape(*X.shape[:-1], places, size).max(axis=-1)


def max_pool(X: np.ndarray, size: int = 2) -> np.ndarray:
    return along_last(along_last(X, size).swapaxes(2, 3), size).swapaxes(2, 3)


# %% q8b-pool · reduce-of-slices
# Reduces slices with steps.
from functools import reduce


def max_pool(X, size=2):
    h, v = X.shape[2] // size, X.shape[3] // size
    parts = (X[:, :, u : h * size : size, w : v * size : size] for u in range(size) for w in range(size))
    return reduce(np.maximum, parts)


# %% q8b-pool · pool-tensor-unfold
# Unfolds a tensor, whose unfilled windows fall away.
def max_pool(X, size=2):
    windows = torch.from_numpy(np.ascontiguousarray(X)).unfold(2, size, size).unfold(3, size, size)
    return windows.amax(dim=(4, 5)).numpy()


# %% q8b-pool · columns-of-channels
# Takes each channel for an image, and uses columns.
def max_pool(X, size=2):
    N, C, H, V = X.shape
    rows = columns(X.reshape(N * C, 1, H, V), size, stride=size)
    return np.amax(rows, axis=1).reshape(N, C, H // size, V // size)


# %% q8b-pool-backward · pool-backward-four-loops
# Loops, and shares between the largest.
def max_pool_backward(G, X, size=2):
    dX = np.zeros_like(X)
    N, C, h, v = G.shape
    for n in range(N):
        for c in range(C):
            for i in range(h):
                for j in range(v):
                    here = np.s_[n, c, i * size : (i + 1) * size, j * size : (j + 1) * size]
                    largest = X[here] == X[here].max()
                    dX[here] = largest * G[n, c, i, j] / largest.sum()
    return dX


# %% q8b-pool-backward · put-along-axis
# Puts the signals into flat windows.
def max_pool_backward(G, X, size=2):
    N, C, h, v = G.shape
    whole = X[:, :, : h * size, : v * size]
    windows = whole.reshape(N, C, h, size, v, size).swapaxes(3, 4).reshape(N, C, h, v, -1)
    flat = np.zeros_like(windows)
    np.put_along_axis(flat, windows.argmax(axis=-1)[..., None], G[..., None], axis=-1)
    dX = np.zeros(X.shape)
    dX[:, :, : h * size, : v * size] = flat.reshape(N, C, h, v, size, size).swapaxes(3, 4).reshape(whole.shape)
    return dX


# %% q8b-pool-backward · pool-backward-index-arrays
# Finds the pixels' rows and columns, and adds at them.
def max_pool_backward(G, X, size=2):
    N, C, h, v = G.shape
    n, c, i, j = np.indices(G.shape)
    windows = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))[:, :, ::size, ::size]
    u, w = np.unravel_index(windows.reshape(N, C, h, v, -1).argmax(axis=4), (size, size))
    dX = np.zeros_like(X)
    np.add.at(dX, (n, c, i * size + u, j * size + w), G)
    return dX


# %% q8b-pool-backward · kron
# Enlarges outputs and signals by kron, and divides by the number of the largest.
def max_pool_backward(G, X, size=2):
    h, v = G.shape[2] * size, G.shape[3] * size
    block = np.ones((1, 1, size, size))
    whole = X[:, :, :h, :v]
    tops = whole.reshape(*G.shape[:3], size, -1, size)[:, :, :, :, : G.shape[3]].max(axis=(3, 5))
    chosen = whole == np.kron(tops, block)
    counts = chosen.reshape(*G.shape[:3], size, G.shape[3], size).sum(axis=(3, 5))
    dX = np.zeros_like(X)
    dX[:, :, :h, :v] = chosen * np.kron(G / counts, block)
    return dX


# %% q8b-pool-backward · last-of-a-tie
# Gives a tie to the last, by going backward through the window.
def max_pool_backward(G, X, size=2):
    h, v = G.shape[2:]
    pooled, left, dX = max_pool(X, size), G.copy(), np.zeros_like(X)
    for u in reversed(range(size)):
        for w in reversed(range(size)):
            part = np.s_[:, :, u : h * size : size, w : v * size : size]
            hit = X[part] == pooled
            dX[part] = np.where(hit, left, 0)
            left[hit] = 0
    return dX


# %% q8b-pool-backward · pool-backward-loops-over-places
# Loops over places, for all images and channels at once.
def max_pool_backward(G, X, size=2):
    N, C, H, V = X.shape
    dX = np.zeros((N, C, H, V))
    for i in range(H // size):
        for j in range(V // size):
            window = X[:, :, i * size : i * size + size, j * size : j * size + size].reshape(N * C, -1)
            signal = np.zeros_like(window)
            signal[np.arange(N * C), window.argmax(axis=1)] = G[:, :, i, j].ravel()
            dX[:, :, i * size : i * size + size, j * size : j * size + size] = signal.reshape(N, C, size, size)
    return dX


# %% q8b-pool-backward · first-by-running-sums
# Keeps the first of a tie by a running sum, with type hints.
def max_pool_backward(G: np.ndarray, X: np.ndarray, size: int = 2) -> np.ndarray:
    N, C, h, v = G.shape
    windows = X[:, :, : h * size, : v * size].reshape(N, C, h, size, v, size).transpose(0, 1, 2, 4, 3, 5)
    flat = windows.reshape(-1, size**2)
    largest = flat == flat.max(axis=1, keepdims=True)
    first = largest & (np.cumsum(largest, axis=1) == 1)
    passed = (first * G.reshape(-1, 1)).reshape(windows.shape).transpose(0, 1, 2, 4, 3, 5)
    unfilled = [(0, 0), (0, 0), (0, X.shape[2] - h * size), (0, X.shape[3] - v * size)]
    return np.pad(passed.reshape(N, C, h * size, v * size), unfilled)


# %% q8b-pool-backward · fold-back
# Uses columns and fold_back, with each channel for an image.
def max_pool_backward(G, X, size=2):
    N, C, H, V = X.shape
    rows = columns(X.reshape(N * C, 1, H, V), size, stride=size)
    passed = np.zeros_like(rows)
    passed[np.arange(len(rows)), np.argmax(rows, axis=1)] = G.ravel()
    return fold_back(passed, (N * C, 1, H, V), size, stride=size).reshape(X.shape)


# %% q8b-pool-backward · pool-backward-flat-indices
# Numbers all pixels, and picks the number of the largest of each window.
def max_pool_backward(G, X, size=2):
    view = np.lib.stride_tricks.sliding_window_view
    numbers = np.arange(X.size).reshape(X.shape)
    of_windows = view(numbers, (size, size), axis=(2, 3))[:, :, ::size, ::size].reshape(*G.shape, -1)
    best = np.take(X, of_windows).argmax(axis=-1)
    dX = np.zeros(X.size)
    dX[np.take_along_axis(of_windows, best[..., None], axis=-1).ravel()] = G.ravel()
    return dX.reshape(X.shape)


# %% q8c-receptive · cumulative-product
# Multiplies strides cumulatively.
def receptive_field(layers):
    if len(layers) == 0:
        return 1
    kernels, strides = np.array(layers).T
    distances = np.cumprod([1, *strides[:-1]])
    return int(1 + np.sum((kernels - 1) * distances))


# %% q8c-receptive · lists-of-both
# Keeps all r and d of (8.8) in lists.
def receptive_field(layers):
    r, d = [1], [1]
    for k, S in layers:
        r.append(r[-1] + (k - 1) * d[-1])
        d.append(d[-1] * S)
    return r[-1]


# %% q8c-receptive · recursion-from-the-front
# Takes the first layer away: the others see its output.
def receptive_field(layers: list[tuple[int, int]]) -> int:
    if not layers:
        return 1
    kernel, stride = layers[0]
    return kernel + stride * (receptive_field(layers[1:]) - 1)


# %% q8c-receptive · math-prod
# Multiplies the strides of all layers before, each time anew.
import math


def receptive_field(layers):
    return 1 + sum((layers[l][0] - 1) * math.prod(stride for _, stride in layers[:l]) for l in range(len(layers)))


# %% q8c-receptive · accumulate
# Accumulates distances.
from itertools import accumulate
from operator import mul


def receptive_field(layers):
    distances = accumulate((stride for _, stride in layers), mul, initial=1)
    return 1 + sum((kernel - 1) * d for (kernel, _), d in zip(layers, distances))


# %% q8c-receptive · reduce
# Folds the pairs from the left.
from functools import reduce


def receptive_field(layers):
    return reduce(lambda rd, kS: (rd[0] + (kS[0] - 1) * rd[1], rd[1] * kS[1]), layers, (1, 1))[0]


# %% q8c-receptive · first-and-last-pixel
# Follows the first and the last pixel of the window back through the layers.
def receptive_field(layers):
    first, last = 0, 0
    for kernel, stride in layers[::-1]:
        first = first * stride
        last = last * stride + kernel - 1
    return last - first + 1


# %% q8c-receptive · index-loop
# Loops over indices, and prints each line of the table.
def receptive_field(layers):
    r, d = 1, 1
    for l in range(len(layers)):
        k, S = layers[l]
        r = r + (k - 1) * d
        d = d * S
        print(f"layer {l + 1}: r = {r}, d = {d}")
    return r


# %% q8c-receptive · pops-a-copy
# Takes layers from the end of a copy.
def receptive_field(layers):
    waiting, side = list(layers), 1
    while waiting:
        kernel, stride = waiting.pop()
        side = stride * side + (kernel - stride)
    return side


# %% q8c-receptive · scalar-product
# Returns an integer of NumPy, from a scalar product.
def receptive_field(layers):
    more = np.array([kernel - 1 for kernel, _ in layers], dtype=int)
    distances = np.ones(len(layers), dtype=int)
    for number in range(1, len(layers)):
        distances[number] = distances[number - 1] * layers[number - 1][1]
    return 1 + more @ distances


# %% q8c-network · sequential-of-all
# Is one Sequential, with layers for the mean and the flattening.
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        modules, inputs = [], channels
        for width in widths:
            for d in range(depth):
                modules.append(nn.Conv2d(in_channels=inputs, out_channels=width, kernel_size=3, padding=1))
                modules.append(nn.BatchNorm2d(num_features=width))
                modules.append(nn.ReLU())
                inputs = width
            modules.append(nn.MaxPool2d(kernel_size=2))
        self.model = nn.Sequential(*modules, nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(inputs, num_classes))

    def forward(self, X):
        return self.model(X)


# %% q8c-network · block-class
# Has a class for blocks.
class Block(nn.Module):
    def __init__(self, inputs, outputs, depth):
        super().__init__()
        self.convs = nn.ModuleList()
        self.norms = nn.ModuleList()
        for number in range(depth):
            self.convs.append(nn.Conv2d(inputs if number == 0 else outputs, outputs, 3, padding=1, bias=False))
            self.norms.append(nn.BatchNorm2d(outputs))

    def forward(self, X):
        for conv, norm in zip(self.convs, self.norms):
            X = nn.functional.relu(norm(conv(X)))
        return nn.functional.max_pool2d(X, 2)


class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        self.blocks = nn.ModuleList([Block(a, b, depth) for a, b in zip([channels] + widths[:-1], widths)])
        self.fc = nn.Linear(widths[-1], num_classes)

    def forward(self, X):
        for block in self.blocks:
            X = block(X)
        return self.fc(X.mean((-2, -1)))


# %% q8c-network · add-module
# Adds named modules in a loop.
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        self.features = nn.Sequential()
        before = channels
        for i, width in enumerate(widths, 1):
            for j in range(1, depth + 1):
                self.features.add_module(f"conv{i}_{j}", nn.Conv2d(before, width, kernel_size=3, padding="same"))
                self.features.add_module(f"bn{i}_{j}", nn.BatchNorm2d(width))
                self.features.add_module(f"relu{i}_{j}", nn.ReLU(inplace=True))
                before = width
            self.features.add_module(f"pool{i}", nn.MaxPool2d(2, stride=2))
        self.classifier = nn.Linear(before, num_classes)

    def forward(self, X):
        maps = self.features(X)
        N, C = maps.shape[:2]
        return self.classifier(maps.view(N, C, -1).mean(dim=-1))


# %% q8c-network · ordered-dict
# Names the layers in an ordered dict, with type hints.
from collections import OrderedDict


class ConvNet(nn.Module):
    def __init__(self, channels: int, widths: list[int], num_classes: int, depth: int = 1) -> None:
        super().__init__()
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        sizes = [channels, *widths]
        for block in range(len(widths)):
            for turn in range(depth):
                name = f"{block}-{turn}"
                layers["conv" + name] = nn.Conv2d(sizes[block + (turn > 0)], sizes[block + 1], 3, padding=1)
                layers["norm" + name] = nn.BatchNorm2d(sizes[block + 1])
                layers["relu" + name] = nn.ReLU()
            layers[f"pool{block}"] = nn.MaxPool2d(2)
        self.body, self.head = nn.Sequential(layers), nn.Linear(sizes[-1], num_classes)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        return self.head(torch.mean(self.body(X), dim=[2, 3]))


# %% q8c-network · setattr
# Sets numbered attributes, and shares one ReLU and one pooling layer.
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        self.relu, self.pool = nn.ReLU(), nn.MaxPool2d(2)
        self.blocks, self.depth = len(widths), depth
        for b in range(self.blocks):
            for d in range(depth):
                inputs = widths[b] if d else (widths[b - 1] if b else channels)
                setattr(self, f"conv_{b}_{d}", nn.Conv2d(inputs, widths[b], 3, 1, 1))
                setattr(self, f"norm_{b}_{d}", nn.BatchNorm2d(widths[b]))
        self.linear = nn.Linear(widths[-1], num_classes, bias=True)

    def forward(self, X):
        for b in range(self.blocks):
            for d in range(self.depth):
                X = getattr(self, f"conv_{b}_{d}")(X)
                X = self.relu(getattr(self, f"norm_{b}_{d}")(X))
            X = self.pool(X)
        return self.linear(nn.functional.avg_pool2d(X, X.shape[2:])[:, :, 0, 0])


# %% q8c-network · network-recursion
# Is a first block and a smaller network behind it.
def blocks(channels, widths, depth):
    if not widths:
        return []
    width, *others = widths
    inputs = [channels] + [width] * (depth - 1)
    first = [part for a in inputs for part in (nn.Conv2d(a, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU())]
    return [*first, nn.MaxPool2d(2), *blocks(width, others, depth)]


class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        self.all = nn.Sequential(*blocks(channels, widths, depth))
        self.out = nn.Linear(widths[-1], num_classes)

    def forward(self, X):
        maps = self.all(X)
        return self.out(torch.einsum("ncij->nc", maps) / maps[0, 0].numel())


# %% q8c-network · initialised
# Initialises its weights in its own way.
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        parts = []
        for a, b in zip([channels, *widths], widths):
            for turn in range(depth):
                parts += [nn.Conv2d(b if turn else a, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(True)]
            parts += [nn.MaxPool2d(2)]
        self.net = nn.Sequential(*parts)
        self.classifier = nn.Linear(widths[-1], num_classes)
        self.apply(self.initialise)

    @staticmethod
    def initialise(part):
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, nonlinearity="relu")
        elif isinstance(part, nn.Linear):
            nn.init.xavier_uniform_(part.weight)
            nn.init.zeros_(part.bias)

    def forward(self, X):
        return self.classifier(nn.functional.adaptive_avg_pool2d(self.net(X), output_size=1).squeeze(-1).squeeze(-1))


# %% q8c-network · module-dicts
# Keeps convolutions and batch norms in dicts, and clips by torch.maximum.
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        pairs, before = [], channels
        for block, width in enumerate(widths):
            for turn in range(depth):
                pairs.append((f"{block}_{turn}", before, width))
                before = width
        self.conv = nn.ModuleDict({name: nn.Conv2d(a, b, 3, padding=1) for name, a, b in pairs})
        self.norm = nn.ModuleDict({name: nn.BatchNorm2d(b) for name, _, b in pairs})
        self.last_of_block = {f"{block}_{depth - 1}" for block in range(len(widths))}
        self.linear = nn.Linear(before, num_classes)

    def forward(self, X):
        for name, convolution in self.conv.items():
            X = self.norm[name](convolution(X))
            X = torch.maximum(X, torch.zeros_like(X))
            if name in self.last_of_block:
                X = nn.functional.max_pool2d(X, (2, 2))
        return self.linear(X.mean(dim=3).mean(dim=2))


# %% q8c-network · biases-of-some
# Gives a bias to the first convolution of each block only.
class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        stages = []
        for width in widths:
            stage = []
            for turn in range(depth):
                stage.append(nn.Conv2d(channels, width, 3, padding=1, bias=turn == 0))
                stage.append(nn.BatchNorm2d(width))
                stage.append(nn.ReLU())
                channels = width
            stages.append(nn.Sequential(*stage, nn.MaxPool2d(2)))
        self.stages = nn.Sequential(*stages)
        self.head = nn.Linear(channels, num_classes)

    def forward(self, X):
        features = self.stages(X).flatten(start_dim=2)
        return self.head(features.mean(dim=2))


# %% q8c-network · convolutions-of-its-own-class
# Inherits from nn.Conv2d, to say kernel and padding once.
class Conv3x3(nn.Conv2d):
    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, kernel_size=3, padding=1)


class ConvNet(nn.Module):
    def __init__(self, channels, widths, num_classes, depth=1):
        super().__init__()
        layers = []
        for width in widths:
            for _ in range(depth):
                layers += [Conv3x3(channels, width), nn.BatchNorm2d(width), nn.ReLU()]
                channels = width
            layers += [nn.MaxPool2d(2)]
        self.convolutions = nn.Sequential(*layers)
        self.logits = nn.Linear(channels, num_classes)

    def forward(self, X):
        return self.logits(self.convolutions(X).mean(axis=(2, 3)))
