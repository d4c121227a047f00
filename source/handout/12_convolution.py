# %% [markdown]
# # Convolution
#
# A fully connected layer has a weight for every pixel. A convolution uses the same few at every place. $X$ holds $N$ images of $C$ channels, $H$ rows and $W$
# columns; the layer has $F$ filters $w$ of $C$ channels and $k \times k$ pixels, with a bias for each. Put $P$ rows and columns of zeros around every image, which gives
# $\tilde x$, and slide each filter over it in steps of $S$ pixels. (Rows and columns count from 0 here, all else from 1.)
#
# {{ equation 8.1 }}
#
# The filter fits into a side of $H$ pixels that often:
#
# {{ equation 8.2 }}
#
# ## As one matrix product
#
# At one place, (8.1) is a scalar product of a filter and the window under it. Write all windows as the rows of a matrix $\mathcal X$, and all filters as the rows of a matrix $\mathcal W$:
# the rows of $\mathcal X$ go by image, then by row, then by column of the output, the entries of a row by channel, then by row, then by column of the window,
#
# $$ \mathcal X_{(n - 1) H' W' + i W' + j + 1,\; (c - 1) k^2 + u k + v + 1} = \tilde x_{n,c,\,Si+u,\,Sj+v} \tag{H.51} $$
#
# Then all images, all places and all filters are one product, with the bias as a row:
#
# {{ equation 8.3 }}
#
# of shape $(N H' W', F)$, in which
#
# $$ \mathcal Y_{(n - 1) H' W' + i W' + j + 1,\; f} = y_{n,f,i,j} \tag{H.52} $$

# %%
images = convolved(rng)
holds(images)
holds(convolved(rng, stride=1), "8.2")

# %% [markdown]
# ## Its gradients
#
# With $\mathcal G = \partial L/\partial \mathcal Y$, (8.3) is a linear layer, and (2.9) and (2.10) give its gradients (that of the bias as a column):
#
# {{ equation 8.4 }}
#
# {{ equation 8.5 }}
#
# But $\mathcal X$ is not the input: it holds most pixels several times, once for each window that they lie in. The gradient of a pixel is the sum over all its copies, $r$ and $q$ being the row
# and the entry where $x_{n,c,h,w}$ stands:
#
# {{ equation 8.6 }}
#
# So the way back *folds* the matrix: it adds each entry to the pixel that it was copied from. For any matrix $M$ of the shape of $\mathcal X$ the two are transposes of each other,
#
# $$ \sum_{r,q} \mathcal X_{r,q}\, M_{r,q} = \sum_{n,c,h,w} x_{n,c,h,w} \operatorname{fold}(M)_{n,c,h,w} \tag{H.53} $$

# %%
holds(convolved(rng, bias_column=True), "8.4")
holds(images, "8.5")
holds(convolved(rng, images=1), "8.6")


def fold(at, M):
    """By the rows' own windows: pixels are numbered, so that each entry knows where it is from."""
    found = np.zeros(at["x"].size)
    numbered = at.but("x", 1.0 + np.arange(at["x"].size, dtype=float).reshape(at["x"].shape))[r"\mathcal X"]
    for value, number in zip(M.flat, numbered.flat, strict=True):
        if number:
            found[int(number) - 1] += value
    return found.reshape(at["x"].shape)


rows_of_M, entries_of_M = (len(images.indices[index]) for index in "rq")
folded = images.with_(
    quantities={"M": rng.normal(size=(rows_of_M, entries_of_M))},
    functions={"fold": fold},
    axes={**images.axes, "fold": images.axes["x"]},
)
holds(folded, "H.53")

# %% [markdown]
# ::: {.exercise #q8a-derivation}
#
# {{ steps q8a-derivation }}
#
# :::
#
# {{ room 15 }}
#
# {{ answer q8a-derivation }}

# %% tags=["instructor"]
holds(images, 1)
sliding = convolved(rng, stride=1, images=1)
P, H, W = (int(sliding.quantities[name]) for name in "PHW")
holds(sliding.with_(indices={**sliding.indices, "h": range(H + 2 * P), "w": range(W + 2 * P)}), 2)
assert 16 * 3 * 9 + 16 == 448
assert round(3072 * 16384 + 16384, -6) == 50_000_000
assert round(16384 * 27 / 1e6, 2) == 0.44

# %% [markdown] tags=["instructor"]
# ::: {.marking}
# **Marking (5 points).** One for each step. *Common:* no sum over places in the gradient of a weight, which every place shares (step 1: 0); a sum over $f$ that is missing in step 2; a filter that is not turned in step 3.
# :::

# %% [markdown]
# ## Max pooling, and ties
#
# Of each window of $p \times p$ pixels (they do not overlap; what does not fill a window is left out) the largest value goes on:
#
# {{ equation 8.7 }}
#
# Where it stands, the error signal $g = \partial L/\partial y$ goes back, and 0 elsewhere:
#
# $$ \frac{\partial L}{\partial x_{n,c,\,pi+u,\,pj+v}} = g_{n,c,i,j}\; \mathbf 1\bigl[ x_{n,c,\,pi+u,\,pj+v} = y_{n,c,i,j} \bigr] \tag{H.54} $$
#
# if only one entry of the window is largest.

# %%
holds(pooled(rng), "8.7")
holds(pooled(rng, ties=True), "8.7")
holds(pooled(rng), "H.54")

# %% [markdown] tags=["student"]
# ::: {.exercise}
#
# After a ReLU all entries of many windows are 0. Why would (H.54) be wrong there? What may the gradient be, and what would a central difference show?
#
# :::
#
# {{ room 4 }}

# %% [markdown] tags=["instructor"]
# ::: {.answer}
#
# Ties are common after a ReLU, where many windows are all 0. If $T$ entries are largest there is no derivative, and (H.54) would pass on $T$ times what came. Any shares that sum to $g$ are right:
# all of it to one of them, or equal shares, which are the mean $D$ over all ways to break the tie:
#
# $$ D_{n,c,\,pi+u,\,pj+v} = \frac{g_{n,c,i,j}}{T_{n,c,i,j}}\; \mathbf 1\bigl[ x_{n,c,\,pi+u,\,pj+v} = y_{n,c,i,j} \bigr] \tag{H.55} $$
#
# A central difference is no judge here: each of the tied entries raises the maximum when it moves up, and leaves it when it moves down, so that it sees $g/2$ for every one of them.
#
# :::

# %% tags=["instructor"]
holds(pooled(rng, ties=True))

# %% [markdown]
# ## The receptive field
#
# A number after one 3x3 convolution depends on 3x3 pixels, after a second one on 5x5. With $k_l$ and $S_l$ the window's side and the stride of layer $l$, convolution or pooling, the side $r_l$ of that
# **receptive field** and the distance $d_l$ in pixels between neighbours after layer $l$ are
#
# {{ equation 8.8 }}
#
# Inserted into itself, this is a sum in which a stride counts for all layers after it:
#
# $$ r_l = 1 + \sum_{m=1}^{l} ( k_m - 1 )\, d_{m-1} \tag{H.56} $$

# %%
holds(receptive(rng))
