"""Leaves the padding on.

loses: q8a-fold

says: The padding is still around the images: which shape was asked for?
"""


# %% q8a-fold
def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    out = np.zeros((N, C, H + 2 * padding, V + 2 * padding))
    h, v = (H + 2 * padding - kernel) // stride + 1, (V + 2 * padding - kernel) // stride + 1
    blocks = rows.reshape(N, h, v, C, kernel, kernel)
    for i in range(h):
        for j in range(v):
            out[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel] += blocks[:, i, j]
    return out
