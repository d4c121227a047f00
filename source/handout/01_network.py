# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The network and its notation
#
# This handout holds the mathematics of the course in one place, on paper: first the network with one hidden layer, by hand, and how it is
# checked and trained (notebooks 01 to 03); then layers as parts, where weights begin, one sample at a time, batch norm and
# convolution (04 to 08); last, mistakes. Equations numbered 1.1 to 8.8 are those of the notebooks, with the same
# numbers; those with an H stand only here. **Every displayed equation has been evaluated
# with random numbers in random sizes, exactly as it is printed**, and compared with what it must equal. The only false ones are
# in the section on mistakes, where they are marked.
#
# A network with one hidden layer turns an input $x$ of $D$ features into scores for $K$ classes. The hidden layer has $H$ units.
#
# {{ figure network }}
#
# | symbol | meaning | one sample, a column | a batch of rows |
# |---|---|---|---|
# | $x$, $X$ | input, features | $(D, 1)$ | $(N, D)$ |
# | $W^{(1)}$, $W_1$ | weights into the hidden layer | $(H, D)$ | $(D, H)$ |
# | $b^{(1)}$, $b_1$ | biases of the hidden layer | $(H, 1)$ | $(1, H)$ |
# | $z^{(2)}$, $Z^{(2)}$ | pre-activations | $(H, 1)$ | $(N, H)$ |
# | $a^{(2)}$, $A^{(2)}$ | activations | $(H, 1)$ | $(N, H)$ |
# | $W^{(2)}$, $W_2$ | weights into the output | $(K, H)$ | $(H, K)$ |
# | $b^{(2)}$, $b_2$ | biases of the output | $(K, 1)$ | $(1, K)$ |
# | $z^{(3)}$, $Z^{(3)}$ | scores | $(K, 1)$ | $(N, K)$ |
# | $a^{(3)}$, $P$ | probabilities | $(K, 1)$ | $(N, K)$ |
#
# Here $N$ is the number of samples; $i$ and $n$ count samples, $j$ and $k$ classes, $h$ hidden units. A label $y_i$ is the number of
# the right class of sample $i$.
#
# ## Forward
#
# The hidden layer applies the ReLU to each of its units,
#
# {{ equation 1.1 }}
#
# and the output layer the softmax, which turns $K$ scores into $K$ probabilities:
#
# {{ equation 1.2 }}
#
# The whole network, for one input:
#
# {{ equation 1.3 }}

# %%
holds(World({"u": 0.7}, {r"\phi": lambda _at, u: np.maximum(u, 0.0)}), "1.1")
holds(World({"u": -0.7}, {r"\phi": lambda _at, u: np.maximum(u, 0.0)}), "1.1")
holds(World({"u": column(rng.normal(size=5)), "K": 5}, {r"\psi": lambda _at, u: special.softmax(u)}, {"k": 5}), "1.2")
holds(one_column(rng), "1.3")

# %% [markdown]
# ## One column or a batch of rows
#
# {{ text 01_feedforward: From one column to a batch of rows }}

# %%
holds(World({"X": (X := rng.normal(size=(6, 3))), "W": (W := rng.normal(size=(3, 4))), "b": row(b := rng.normal(size=4)),
             "Z": np.einsum("nd,dh->nh", X, W) + b}))  # fmt: skip

# %% [markdown]
# Read from left to right, the network and its loss are a graph of small steps. Back-propagation walks the same graph from
# right to left; each gradient has the shape of the quantity it belongs to.
#
# {{ figure graph }}
