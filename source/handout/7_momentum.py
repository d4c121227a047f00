# %% [markdown]
# # Stochastic gradient descent with momentum
#
# The loss is a mean over all samples. The mean over $B$ of them, drawn at random as $i_1, \dots, i_B$, has the same expectation at a
# fraction of the cost:
#
# {{ equation 3.1 }}
#
# Plain descent takes one step against this gradient, of a length that the learning rate $\alpha$ sets:
#
# {{ equation 3.2 }}
#
# Momentum keeps a **velocity** $v$, which collects past gradients, and follows it. With momentum $\mu$ (often 0.9) and $v^{(0)} = 0$:
#
# {{ equation 3.3 }}
#
# {{ equation 3.4 }}
#
# Inserting (3.3) into itself shows what the velocity is, a sum of past gradients that are forgotten at the rate $\mu$:
#
# $$ v^{(t)} = -\alpha \sum_{s=0}^{t-1} \mu^{t-1-s}\, g^{(s)} \tag{H.22} $$
#
# Under a constant gradient $g$ this is a geometric series,
#
# $$ v^{(t)} = -\frac{1 - \mu^{t}}{1 - \mu}\, \alpha\, g \tag{H.23} $$
#
# and grows to $-\alpha g/(1 - \mu)$, ten times a plain step for $\mu = 0.9$. The **damped** form makes that limit $-\alpha g$:
#
# {{ equation 3.5 }}
#
# Both are called "SGD with momentum", and differ by a factor of $1 - \mu$ in the learning rate. Whoever reports a learning rate has to say
# which. The rate itself may fall, by a factor $d$ after every $T$ iterations:
#
# {{ equation 3.6 }}

# %%
holds(mini_batch(rng), "3.1")
holds(descent(rng), "3.2")
holds(descent(rng, momentum=True), "3.3")
holds(descent(rng, momentum=True), "3.4")
holds(descent(rng, momentum=True), "H.22")
holds(descent(rng, momentum=True, constant=True), "H.23")
holds(descent(rng, momentum=True, damped=True), "3.5")
rates = 0.3 * np.cumprod([0.8 if t and t % 3 == 0 else 1.0 for t in range(9)])
for t in (2, 3, 7, 8):
    holds(World({r"\alpha^{()}": rates, "d": 0.8, "t": t, "T": 3}), "3.6")
