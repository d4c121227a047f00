"""Makes columns of the windows, as the name im2col says.

loses: q8a-columns

says: The windows are columns here: what are they in (8.3)?
"""


# %% q8a-columns
def columns(X, kernel, stride=1, padding=0):
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(X, (kernel, kernel), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, X.shape[1] * kernel**2).T
