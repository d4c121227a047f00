# %% [markdown]
# # Matrix rules, in two conventions
#
# Let $Y = XW$ and let $L$ be any scalar that depends on $X$ and $W$ only through $Y$. Entry by entry, $Y_{nh} = \sum_d X_{nd} W_{dh}$, so a
# weight $W_{dh}$ moves column $h$ of $Y$ and nothing else, and the chain rule gives
#
# $$ \frac{\partial L}{\partial W_{dh}} = \sum_{n=1}^{N} X_{nd} \frac{\partial L}{\partial Y_{nh}}, \qquad
# \frac{\partial L}{\partial X_{nd}} = \sum_{h=1}^{H} \frac{\partial L}{\partial Y_{nh}} W_{dh} \tag{H.3} $$
#
# The sum over $n$ is a matrix product with $X^\top$ on the left, the sum over $h$ one with $W^\top$ on the right:
#
# {{ equation 2.9 }}
#
# {{ equation 2.10 }}
#
# Forget which side and which transpose? Only one combination has the right shape, if all sizes differ. That is why tests
# should never use square matrices.

# %%
N, D, H = sizes(rng, 3)
weights = rng.normal(size=(N, H))
holds(World({"X": rng.normal(size=(N, D)), "W": rng.normal(size=(D, H)), "Y": lambda at: np.einsum("nd,dh->nh", at["X"], at["W"]),
             "L": lambda at: np.sum(weights * np.sin(at["Y"])), "N": N, "H": H}, indices={"n": N, "d": D, "h": H}))  # fmt: skip

# %% [markdown]
# With samples as columns everything is transposed. For a layer $z = W a + b$ of one sample and $\delta = \partial L / \partial z$, a column,
#
# $$ \frac{\partial L}{\partial W} = \delta\, a^\top, \qquad \frac{\partial L}{\partial a} = W^\top \delta \tag{H.4} $$
#
# | | rows, $Y = XW$ | columns, $z = Wa$ |
# |---|---|---|
# | one sample is | a row of $X$ | the column $a$ |
# | gradient of the weights | $X^\top \, \partial L/\partial Y$ | $\delta\, a^\top$, added up over the samples |
# | gradient of the input | $\partial L/\partial Y \; W^\top$ | $W^\top \delta$ |
# | where the sum over samples is | inside the matrix product | written as $\sum_i$ |
#
# Both conventions are right. Mixing them is not: a $W^\top$ from one line and a $W$ from the next is the most frequent slip in the reports
# that we read.

# %%
m, n = sizes(rng, 2)
weights = rng.normal(size=(m, 1))
holds(World({"a": column(rng.normal(size=n)), "W": rng.normal(size=(m, n)), "b": column(rng.normal(size=m)),
             "z": lambda at: np.einsum("mn,no->mo", at["W"], at["a"]) + at["b"], "L": lambda at: np.sum(weights * np.sin(at["z"])),
             r"\delta": lambda at: weights * np.cos(at["z"])}))  # fmt: skip
