# %% [markdown]
# # Batch normalisation, forward and backward
#
# Batch norm makes every feature of a batch have mean 0 and variance 1, and then lets the network undo it: two new parameters,
# $\gamma$ and $\beta$, scale and shift. For one feature, whose values in the batch are $x_1, \dots, x_N$ (every feature is treated alike, alone),
#
# $$ \begin{align}
# m &= \frac1N \sum_{i=1}^{N} x_i \tag{H.24} \\
# s &= \frac1N \sum_{i=1}^{N} (x_i - m)^2 \tag{H.25} \\
# \hat x_i &= \frac{x_i - m}{\sqrt{s + \varepsilon}} \tag{H.26} \\
# o_i &= \gamma \hat x_i + \beta \tag{H.27}
# \end{align} $$
#
# where the small $\varepsilon$ keeps the root away from 0. The variance $s$ divides by $N$, not by $N - 1$; what follows depends on it.
#
# Let $g_i = \partial L/\partial o_i$ be the error signal from above. The two parameters are simple, since (H.27) is linear in them:
#
# $$ \frac{\partial L}{\partial \gamma} = \sum_{i=1}^{N} g_i\, \hat x_i, \qquad \frac{\partial L}{\partial \beta} = \sum_{i=1}^{N} g_i \tag{H.28} $$
#
# An input $x_i$ reaches the loss on three ways: directly in (H.26), through the mean and through the variance, which all samples
# share. Their sum is
#
# $$ \frac{\partial L}{\partial x_i} = \frac{\gamma}{\sqrt{s + \varepsilon}} \Bigl( g_i - \frac1N \sum_{j=1}^{N} g_j - \frac{\hat x_i}{N} \sum_{j=1}^{N} g_j\, \hat x_j \Bigr) \tag{H.29} $$

# %%
feature = normalised(rng)
holds(feature)

# %% [markdown] tags=["student"]
# ::: {.exercise}
#
# Derive (H.29). First differentiate (H.26) with respect to $x_i$, $m$ and $s$, each time with the other two held fixed. Then find $\partial L/\partial s$ and
# $\partial L/\partial m$. Last, add up the three ways. Which term of $\partial L/\partial m$ is zero, and why?
#
# :::
#
# {{ room 14 }}

# %% [markdown] tags=["instructor"]
# ::: {.answer}
#
# Write $\hat g_i = \partial L/\partial \hat x_i$; by (H.27)
#
# $$ \frac{\partial L}{\partial \hat x_i} = \gamma\, g_i \tag{H.30} $$
#
# The variance enters every $\hat x_i$ through the root, with the derivative $-\frac12 (x_i - m) (s + \varepsilon)^{-3/2}$, which is $-\frac12 \hat x_i/(s + \varepsilon)$:
#
# $$ \frac{\partial L}{\partial s} = -\frac{1}{2 (s + \varepsilon)} \sum_{i=1}^{N} \hat g_i\, \hat x_i \tag{H.31} $$
#
# The mean enters every $\hat x_i$ directly, and the variance. But the second way contributes nothing, because deviations from the mean
# sum to 0:
#
# $$ \frac{\partial s}{\partial m} = -\frac2N \sum_{i=1}^{N} (x_i - m) = 0 \tag{H.32} $$
#
# $$ \frac{\partial L}{\partial m} = -\frac{1}{\sqrt{s + \varepsilon}} \sum_{i=1}^{N} \hat g_i \tag{H.33} $$
#
# Each input is $1/N$ of the mean, and with $m$ held fixed it enters the variance with $\frac2N (x_i - m)$. The three ways together:
#
# $$ \frac{\partial L}{\partial x_i} = \frac{\hat g_i}{\sqrt{s + \varepsilon}} + \frac1N \frac{\partial L}{\partial m} + \frac2N (x_i - m) \frac{\partial L}{\partial s} \tag{H.34} $$
#
# Insert (H.30), (H.31) and (H.33), and write $x_i - m = \hat x_i \sqrt{s + \varepsilon}$: that is (H.29).
#
# :::
#
# ::: {.marking}
# **What to look for.** That the sum over the batch appears (one input moves *all* outputs); that $\partial s/\partial m = 0$ is argued, not assumed. Two
# checks that need no formula: the gradients (H.29) of a batch sum to 0, and so do their products with $\hat x_i$ when $\varepsilon = 0$.
# :::

# %% tags=["instructor"]
holds(feature.with_(quantities={r"\hat g": lambda at: at.derivative(lambda moved: moved["L"], r"\hat x", ())}))
