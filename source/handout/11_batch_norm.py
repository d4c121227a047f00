# %% [markdown]
# # Batch normalisation
#
# Batch norm makes every feature of a batch have mean 0 and variance 1, and then lets the network undo it: two new parameters,
# $\gamma$ and $\beta$, scale and shift. For one feature, whose values in the batch are $x_1, \dots, x_N$ (every feature is treated alike, alone),
#
# {{ equation 7.3 }}
#
# {{ equation 7.4 }}
#
# {{ equation 7.5 }}
#
# {{ equation 7.6 }}
#
# where the small $\varepsilon$ keeps the root away from 0. The variance $s$ divides by $N$, not by $N - 1$; what follows depends on it.

# %%
feature = normalised(rng)
holds(feature)

# %% [markdown]
# ## Its gradient, in three ways and in one line
#
# {{ text 07_batch_norm: The gradient }}

# %%
holds(feature)

# %% [markdown]
# ::: {.exercise #q7b-derivation}
#
# {{ steps q7b-derivation }}
#
# :::
#
# {{ room 17 }}
#
# {{ answer q7b-derivation }}

# %% tags=["instructor"]
signal = feature.with_(quantities={r"\hat g": lambda at: at.derivative(lambda moved: moved["L"], r"\hat x", ())})
holds(signal)

# %% [markdown] tags=["instructor"]
# The three ways one at a time, and the two sums of step 5, with an $\varepsilon$ that is not 0:
#
# $$ \begin{align}
# \frac{\partial L}{\partial x_i} &= \frac{\hat g_i}{\sqrt{s + \varepsilon}} - \frac{1}{N \sqrt{s + \varepsilon}} \sum_{j=1}^{N} \hat g_j - \frac{\hat x_i}{N \sqrt{s + \varepsilon}} \sum_{j=1}^{N} \hat g_j\, \hat x_j \tag{H.49} \\
# \sum_{i=1}^{N} \frac{\partial L}{\partial x_i} &= 0, \qquad \sum_{i=1}^{N} \hat x_i \frac{\partial L}{\partial x_i} = \frac{\varepsilon}{s + \varepsilon} \frac{\gamma}{\sqrt{s + \varepsilon}} \sum_{i=1}^{N} g_i\, \hat x_i \tag{H.50}
# \end{align} $$
#
# ::: {.marking}
# **Marking (6 points).** Steps 1, 2 and 5: one each. Step 3: 2, one of them for the term that is zero, argued and not assumed. Step 4: 1. What to look for: that the sum over the batch appears, since one input moves
# *all* outputs.
# :::

# %% tags=["instructor"]
holds(signal)

# %% [markdown]
# ## When there is no batch
#
# A trained network answers for one image, and its answer must not depend on which others come along. While it trains, running averages of mean and variance
# take in a share $\rho$ of each new batch,
#
# {{ equation 7.9 }}
#
# {{ equation 7.10 }}
#
# where $N/(N - 1)$ makes the average an unbiased estimate of the variance of *all* images. When it evaluates, they are constants:
#
# {{ equation 7.11 }}
#
# Then each image goes its own way, and the gradient at $x_i$ is only $\gamma\, g_i/\sqrt{\bar s + \varepsilon}$.

# %%
share, old = rng.uniform(0.1, 0.4), {r"\bar m": rng.normal(), r"\bar s": rng.uniform(0.5, 2.0)}
running = feature.with_(
    quantities={
        r"\rho": share,
        **old,
        "o": lambda at: (
            at[r"\gamma"] * (at["x"] - old[r"\bar m"]) / np.hypot(old[r"\bar s"] ** 0.5, 0.1**0.5) + at[r"\beta"]
        ),
    },
    after={
        r"\bar m": lambda at: np.average([old[r"\bar m"], np.mean(at["x"])], weights=[1 - share, share]),
        r"\bar s": lambda at: np.average([old[r"\bar s"], np.var(at["x"], ddof=1)], weights=[1 - share, share]),
    },
)
holds(running)
