"""Averages the copies of a pixel.

loses: q8a-fold

says: This is the mean of a pixel's copies: what does (8.6) make of them?
"""


# %% q8a-fold
def fold_back(rows, shape, kernel, stride=1, padding=0):
    N, C, H, V = shape
    out = np.zeros((N, C, H + 2 * padding, V + 2 * padding))
    count = np.zeros_like(out)
    h, v = (H + 2 * padding - kernel) // stride + 1, (V + 2 * padding - kernel) // stride + 1
    blocks = rows.reshape(N, h, v, C, kernel, kernel)
    for i in range(h):
        for j in range(v):
            place = np.s_[:, :, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            out[place] += blocks[:, i, j]
            count[place] += 1
    out /= np.maximum(count, 1)
    return out[:, :, padding : padding + H, padding : padding + V]
