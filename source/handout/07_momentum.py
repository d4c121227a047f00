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
# $$ v^{(t)} = -\alpha \sum_{s=0}^{t-1} \mu^{t-1-s}\, g^{(s)} \tag{H.21} $$
#
# Under a constant gradient $g$ this is a geometric series,
#
# $$ v^{(t)} = -\frac{1 - \mu^{t}}{1 - \mu}\, \alpha\, g \tag{H.22} $$
#
# and grows to $-\alpha g/(1 - \mu)$, ten times a plain step for $\mu = 0.9$. The **damped** form makes that limit $-\alpha g$:
#
# {{ equation 3.5 }}
#
# $$ v^{(t)} = -( 1 - \mu^{t} )\, \alpha\, g \tag{H.23} $$
#
# Both are called "SGD with momentum", and differ by a factor of $1 - \mu$ in the learning rate. Whoever reports a learning rate has to say
# which. At one and the same $\alpha$, momenta of 0.3, 0.6, 0.8 and 0.95 in the classic form are learning rates of 1.4, 2.5, 5 and 20 times
# $\alpha$: who compares such curves compares rates. In the damped form the rate is the same for all, and a large $\mu$ only takes longer to begin: some
# $1/(1 - \mu)$ steps.
#
# The rate itself may fall, by a factor $d$ after every $T$ iterations, or at the end of every epoch, as in notebook 05. (An arrow gives the
# left side a new value, that of the right side.)
#
# {{ equation 3.6 }}
#
# {{ equation 5.8 }}
#
# ## How sure is an accuracy?
#
# A network that is right about a share $p$ of *all* images is right about each image drawn with the chance $p$. Of $n$ images it gets a number whose
# standard deviation is $\sqrt{n p (1 - p)}$, and 95 % of a normal distribution lie within 1.96 standard deviations. So the interval for the
# share is
#
# {{ equation 4.4 }}
#
# For 58 % of 10,000 images that is $\pm$ 1.0 points, of 1,000 images $\pm$ 3.1 points. It says nothing about another seed of the training.

# %%
holds(mini_batch(rng), "3.1")
holds(descent(rng), "3.2")
holds(descent(rng, momentum=True), "3.3")
holds(descent(rng, momentum=True), "3.4")
holds(descent(rng, momentum=True), "H.21")
holds(descent(rng, momentum=True, constant=True), "H.22")
holds(descent(rng, momentum=True, damped=True), "3.5")
rates = 0.3 * np.cumprod([0.8 if t and t % 3 == 0 else 1.0 for t in range(9)])
for t in (2, 3, 7, 8):
    holds(World({r"\alpha^{()}": rates, "d": 0.8, "t": t, "T": 3}), "3.6")
holds(descent(rng, momentum=True, damped=True, constant=True), "H.23")
holds(World({r"\alpha": 0.5, "d": 0.998}, after={r"\alpha": np.geomspace(0.5, 0.5 * 0.998**10, 11)[1]}), "5.8")
#: All numbers of right answers to n questions, with their chances; the normal distribution's 97.5 % instead of 1.96.
p, n = rng.uniform(0.2, 0.8), int(rng.integers(20, 60))
right = np.arange(n + 1)
chances = special.binom(n, right) * p**right * (1 - p) ** (n - right)
deviation = np.sqrt(np.sum(chances * (right / n - p) ** 2))
ends = p + special.ndtri([0.025, 0.975]) * deviation
holds(World({"p": p, "n": n, "": column(ends)}, tolerance=1e-4), "4.4")
assert [round(196 * np.sqrt(0.58 * 0.42 / n), 1) for n in (10_000, 1_000)] == [1.0, 3.1]
