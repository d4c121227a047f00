# %% [markdown]
# # Mistakes found in real reports
#
# Each of the following stands in a report or a write-up on such an exercise or on a course page, in our words and notation. Every formula marked ✗ has been
# evaluated too: it does not hold, or does not even have a shape.
#
# ## A softmax that is one number
#
# ::: {.wrong}
# "The softmax of the scores of sample $i$ is"
# $$ \psi(z_i) = \frac{e^{z_{i,y_i}}}{\sum_{j=1}^{K} e^{z_{i,j}}} $$
# :::
#
# {{ room 2.5 }}

# %%
network, batch = columns(rng), rows(rng)
wrong(network)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# The right side is one number, the probability of the right class. A softmax is a vector with an entry for each class, (1.2); the loss then picks
# entry $y_i$ of it. With the wrong definition, $\psi(z_i) - \Delta_i$ has no meaning, or NumPy subtracts a number from every entry.
#
# $$ \psi(z_i)_{y_i} = \frac{e^{z_{i,y_i}}}{\sum_{j=1}^{K} e^{z_{i,j}}} \tag{H.57} $$
# :::

# %% tags=["instructor"]
holds(network)

# %% [markdown]
# ## The one-hot vector that was forgotten
#
# ::: {.wrong}
# "The loss of one sample is $\ell = \log \sum_j e^{z_j} - z_y$. Hence"
# $$ \frac{\partial \ell}{\partial z} = \psi(z) $$
# "and therefore $\partial \ell/\partial z = \psi(z) - \Delta$."
# :::
#
# {{ room 2.5 }}

# %%
K = 5
one = World({"z": column(rng.normal(size=K)), "y": 2, r"\Delta": column(np.eye(K)[1]), "K": K,
             r"\ell": lambda at: special.logsumexp(at["z"]) - at["z"][1, 0]}, {r"\psi": lambda _at, z: special.softmax(z)},
            {"j": K})  # fmt: skip
wrong(one)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# The derivative of the second term, $-z_y$, was dropped; it is $-1$ for entry $y$, which is $-\Delta$. Then the right result, known from the sheet, was
# written down all the same. On the toy problem the gradient without it has the norm 2.87 for $W_2$, instead of 1.92.
#
# $$ \frac{\partial \ell}{\partial z} = \psi(z) - \Delta \tag{H.58} $$
# :::

# %% tags=["instructor"]
holds(one)

# %% [markdown]
# ## All samples in the gradient of one
#
# ::: {.wrong}
# $$ \frac{\partial J}{\partial z_i^{(3)}} = \frac1N \sum_{n=1}^{N} \bigl( \psi(z_n^{(3)}) - \Delta_n \bigr) $$
# :::
#
# {{ room 2.5 }}

# %%
wrong(network)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# $J$ is a sum over samples, but only one of its terms contains $z_i$. The letter $i$ was used for the sample and for the summation. What stands there is a
# different gradient:
#
# $$ \frac{\partial J}{\partial b^{(2)}} = \frac1N \sum_{n=1}^{N} \bigl( \psi(z_n^{(3)}) - \Delta_n \bigr) \tag{H.59} $$
# :::

# %% tags=["instructor"]
holds(network)

# %% [markdown]
# ## A penalty that goes through the scores
#
# ::: {.wrong}
# $$ \frac{\partial \tilde J}{\partial W^{(2)}} = \sum_{i=1}^{N} \frac{\partial \tilde J}{\partial z_i^{(3)}} \cdot \frac{\partial z_i^{(3)}}{\partial W^{(2)}} $$
# :::
#
# {{ room 2.5 }}

# %%
wrong(network)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# $W^{(2)}$ reaches $\tilde J$ on two ways: through the scores, and directly in the penalty, which does not depend on any score. The chain rule adds both:
#
# $$ \frac{\partial \tilde J}{\partial W^{(2)}} = \sum_{i=1}^{N} \frac{\partial J}{\partial z_i^{(3)}} \cdot \frac{\partial z_i^{(3)}}{\partial W^{(2)}} + 2 \lambda W^{(2)} \tag{H.60} $$
# :::

# %% tags=["instructor"]
holds(network)

# %% [markdown]
# ## The penalty of the other layer, and of a bias
#
# ::: {.wrong}
# $$ \frac{\partial \tilde J}{\partial W_1} = X^\top G^{(2)} + 2 \lambda W_2 $$
# $$ \frac{\partial \tilde J}{\partial b_1} = \mathbf 1^\top G^{(2)} + 2 \lambda W_2 $$
# :::
#
# {{ room 2.5 }}

# %%
batch = batch.with_(quantities={r"\mathbf 1": np.ones((int(batch.quantities["N"]), 1))})
wrong(batch)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# The penalty contains each weight once, and no bias; its derivative by $W_1$ is $2 \lambda W_1$, by a bias 0: (H.9) and (H.10). With $D = H = K$ the wrong
# lines run, and NumPy stretches the bias gradient into a matrix without complaint. Different sizes turn both into errors.
# :::

# %% [markdown]
# ## A norm that is a matrix
#
# ::: {.wrong}
# $$ \lVert W^{(1)} \rVert^2 = W^{(1)\top} W^{(1)} $$
# :::
#
# {{ room 2.5 }}

# %%
wrong(network)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# The right side is a $D \times D$ matrix. Its trace is the sum of all squares. (`np.linalg.norm(W, 2)` is a number, but the spectral norm, the largest
# singular value: with it the toy loss is 1.2842 instead of 1.3038.)
#
# $$ \lVert W^{(1)} \rVert^2 = \operatorname{tr}\bigl( W^{(1)\top} W^{(1)} \bigr) \tag{H.61} $$
# :::

# %% tags=["instructor"]
holds(network)

# %% [markdown]
# ## Two conventions in one layer
#
# ::: {.wrong}
# "The output is $o = V^\top h + c$, with columns $h$ and $o$. Then"
# $$ \frac{\partial L}{\partial V} = \frac{\partial L}{\partial o}\, h^\top $$
# $$ \frac{\partial L}{\partial h} = V^\top \frac{\partial L}{\partial o} $$
# :::
#
# {{ room 2.5 }}

# %%
H, K = sizes(rng, 2)
pull = rng.normal(size=(K, 1))
mixed = World({"h": column(rng.normal(size=H)), "V": rng.normal(size=(H, K)), "o": lambda at: np.einsum("hk,ho->ko", at["V"], at["h"]),
               "L": lambda at: np.sum(pull * np.sin(at["o"]))})  # fmt: skip
wrong(mixed)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# These are the rules (H.4) for $o = Vh + c$. With the transpose in the layer, both gradients change sides:
#
# $$ \frac{\partial L}{\partial V} = h \Bigl( \frac{\partial L}{\partial o} \Bigr)^\top, \qquad \frac{\partial L}{\partial h} = V \frac{\partial L}{\partial o} \tag{H.62} $$
# :::

# %% tags=["instructor"]
holds(mixed)

# %% [markdown]
# ## The mask that was lost
#
# ::: {.wrong}
# $$ \frac{\partial J}{\partial Z^{(2)}} = G^{(3)} W_2^\top $$
# :::
#
# {{ room 2.5 }}

# %%
wrong(batch)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# That is the gradient at the activations; it still has to pass the ReLU, (H.8).
#
# $$ \frac{\partial J}{\partial A^{(2)}} = G^{(3)} W_2^\top \tag{H.63} $$
# :::

# %% tags=["instructor"]
holds(batch)

# %% [markdown]
# ## Samples added up too early
#
# ::: {.wrong}
# "With $g = \sum_i \delta_i^{(3)}$ and $c_h$, the number of samples for which hidden unit $h$ is on,"
# $$ \frac{\partial J}{\partial b^{(1)}} = \frac1N \bigl( W^{(2)\top} g \bigr) \odot c $$
# :::
#
# {{ room 2.5 }}


# %%
def error_signals(layer):
    return lambda at: at.derivative(lambda moved: np.mean(moved["losses"]), layer, ())


signals = network.with_(quantities={
    r"\delta^{(3)}": error_signals("z^(3)"), "g": lambda at: np.sum(at[r"\delta^{(3)}"], axis=0),
    "c": lambda at: np.sum(at["z^(2)"] > 0, axis=0)})  # fmt: skip
wrong(signals)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# Which units are on differs from sample to sample, so the mask has to act before the sum:
#
# $$ \frac{\partial J}{\partial b^{(1)}} = \sum_{i=1}^{N} \bigl( W^{(2)\top} \delta_i^{(3)} \bigr) \odot \mathbf 1\bigl[ z_i^{(2)} > 0 \bigr] \tag{H.64} $$
# :::

# %% tags=["instructor"]
holds(signals)

# %% [markdown]
# ## Probabilities minus targets, whatever the targets
#
# ::: {.wrong}
# "For $p = \psi(z)$, any targets $t$ and the loss $\ell = -\sum_j t_j \log p_j$,"
# $$ \frac{\partial \ell}{\partial z} = p - t $$
# :::
#
# {{ room 2.5 }}

# %%
soft = World({"z": column(rng.normal(size=5)), "p": lambda at: special.softmax(at["z"]), "t": column(rng.uniform(size=5)),
              r"\ell": lambda at: -np.sum(at["t"] * special.log_softmax(at["z"]))}, indices={"j": 5})  # fmt: skip
wrong(soft)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# True for targets that sum to 1, such as a one-hot vector; the last step of the derivation uses it without a word. In general
#
# $$ \frac{\partial \ell}{\partial z} = \Bigl( \sum_j t_j \Bigr)\, p - t \tag{H.65} $$
# :::

# %% tags=["instructor"]
holds(soft)

# %% [markdown]
# ## An index, a sign, a sample
#
# ::: {.wrong}
# "For one sample with probabilities $p$, scores $o$ and a one-hot $\tau$,"
# $$ \frac{\partial \ell}{\partial o_j} = p_k - \tau_k $$
# "which follows from the gradient at the probabilities,"
# $$ \frac{\partial \ell}{\partial p_k} = \tau_k \cdot \frac{1}{p_k} $$
# "And batch norm's scale has the gradient, for each feature,"
# $$ \frac{\partial L}{\partial \gamma} = \hat x_n \sum_{i=1}^{N} g_i $$
# :::
#
# {{ room 2.5 }}

# %%
sample, feature = one_sample(rng), normalised(rng)
wrong(sample, 1)
wrong(sample, 2)
wrong(feature.with_(indices={"n": feature.indices["i"].stop - 1, "i": feature.indices["i"]}), 3)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# Three slips of the pen: the letter on the right is not the one on the left; the minus of $-\log$ was lost on the way; and $\hat x$ belongs inside of the sum, with the sample's index, (7.7).
# A program written from memory is not harmed by them, one written from the page is.
#
# $$ \frac{\partial \ell}{\partial o_j} = p_j - \tau_j, \qquad \frac{\partial \ell}{\partial p_k} = -\frac{\tau_k}{p_k} \tag{H.66} $$
# :::

# %% tags=["instructor"]
holds(sample)

# %% [markdown]
# ## Uphill
#
# ::: {.wrong}
# "The parameters are updated by"
# $$ \theta^{(t+1)} = \theta^{(t)} + \alpha\, g^{(t)} $$
# "and with momentum by"
# $$ \theta^{(t+1)} = \theta^{(t)} + v^{(t+1)}, \qquad v^{(t+1)} = -g^{(t)} $$
# "In the program, biases get"
# $$ b \leftarrow \alpha\, \frac{\partial \ell}{\partial b} $$
# :::
#
# {{ room 2.5 }}

# %%
wrong(descent(rng, momentum=True), 2)
wrong(descent(rng), 1)
bowl = World(
    {"b": column(rng.normal(size=4)), r"\alpha": 0.5, r"\ell": lambda at: np.sum((at["b"] - 1.0) ** 2)},
    after={"b": np.ones((4, 1))},
)
wrong(bowl, 3)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# The gradient points uphill: (3.2) has a minus. With the plus, the loss of one report's network grows beyond $10^{20}$ in a hundred steps. In the second pair both the
# learning rate and the momentum are missing, compare (3.3); on the toy problem training then ends at a loss of 1.99 instead of 0.02. In
# the third the old value is thrown away, and one small gradient is left in its place, not the sum of all steps; if output weights are set like this, too, the loss stays
# near $\log K$. It is one character, `=` for `-=`:
#
# $$ b \leftarrow b - \alpha\, \frac{\partial \ell}{\partial b} \tag{H.67} $$
# :::

# %% tags=["instructor"]
holds(bowl)

# %% [markdown]
# ## A variance that divides by something else
#
# ::: {.wrong}
# "Batch norm with $s = \frac{1}{N-1} \sum_i (x_i - m)^2$, which is what a library's `var` computes, has the gradient"
# $$ \frac{\partial L}{\partial x_i} = \frac{\gamma}{\sqrt{s + \varepsilon}} \Bigl( g_i - \frac1N \sum_{j=1}^{N} g_j - \frac{\hat x_i}{N} \sum_{j=1}^{N} g_j\, \hat x_j \Bigr) $$
# :::
#
# {{ room 2.5 }}

# %%
feature = normalised(rng)
unbiased = feature.with_(quantities={"s": lambda at: np.var(at["x"], ddof=1)})
wrong(unbiased)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# (7.8) belongs to the variance that divides by $N$. With $N - 1$ the derivative of $s$ changes, and the last term with it:
#
# $$ \frac{\partial L}{\partial x_i} = \frac{\gamma}{\sqrt{s + \varepsilon}} \Bigl( g_i - \frac1N \sum_{j=1}^{N} g_j - \frac{\hat x_i}{N - 1} \sum_{j=1}^{N} g_j\, \hat x_j \Bigr) \tag{H.68} $$
# :::

# %% tags=["instructor"]
holds(unbiased)

# %% [markdown]
# ## Normalised, but only centred
#
# ::: {.wrong}
# "Our batch normalisation layer is $\hat x = \Sigma\, (x - m)$ with $\Sigma = I$. After it every feature has mean 0 and variance 1:"
# $$ \frac1N \sum_{i=1}^{N} (x_i - m)^2 = 1 $$
# :::
#
# {{ room 2.5 }}

# %%
wrong(feature)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# That is (5.1), a shift, which leaves every variance as it was. Batch norm divides by $\sqrt{s + \varepsilon}$, (7.5), and even then the variance is 1 only up to $\varepsilon$:
#
# $$ \frac1N \sum_{i=1}^{N} \hat x_i^2 = \frac{s}{s + \varepsilon} \tag{H.69} $$
# :::

# %% tags=["instructor"]
holds(feature)

# %% [markdown]
# ## Weights for the wrong direction
#
# ::: {.wrong}
# "We use Xavier's initialisation, $\operatorname{Var}(w) = 1/n_\text{out}$, so that the signal keeps its size from layer to layer:"
# $$ E\bigl[ y_j^2 \bigr] = E\bigl[ x_i^2 \bigr] $$
# "or PyTorch's default for linear layers, uniform on $[-a, a]$ with $a^2 = 1/n_\text{in}$, which is Kaiming's for the ReLU:"
# $$ \operatorname{Var}(w) = \frac{2}{n_\text{in}} $$
# :::
#
# {{ room 2.5 }}

# %%
backward = weights(rng, "backward", wider=True)
nodes, shares = np.polynomial.legendre.leggauss(3)
points = np.repeat(nodes, np.rint(shares * 9).astype(int)) / np.sqrt(4)
wrong(backward, 1)
wrong(World({r"n_\text{in}": 4, "w": 0.0}, outcomes=[{"w": np.asarray(w)} for w in points]), 2)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# The output size alone keeps the *gradient's* size. Forward, from 400 to 50 units, the mean square grows by a factor of 8. And the default has a sixth of He's variance, (H.33): each layer with a ReLU
# multiplies the signal by $\sqrt{1/6} = 0.41$.
#
# $$ E\bigl[ y_j^2 \bigr] = \frac{n_\text{in}}{n_\text{out}} E\bigl[ x_i^2 \bigr], \qquad E\Bigl[ \Bigl( \frac{\partial J}{\partial x_i} \Bigr)^2 \Bigr] = E\Bigl[ \Bigl( \frac{\partial J}{\partial y_j} \Bigr)^2 \Bigr] \tag{H.70} $$
# :::

# %% tags=["instructor"]
holds(backward)

# %% [markdown]
# ## A check that hides its error
#
# ::: {.wrong}
# "We add $h = 10^{-6}$ to one weight $w$, and divide the change of the cost $f(w) = c + \lambda w^2$ by $h$:"
# $$ \frac{f(w + h) - f(w)}{h} = f'(w) $$
# "The sum of the absolute differences to our gradient is 7.8e-03. The lower this sum, the better."
# :::
#
# {{ room 2.5 }}

# %%
cost = World({"w": 0.7, "h": 0.01, r"\lambda": 0.2},
             {"f": lambda at, w: 3.0 + at[r"\lambda"] * w**2, "f'": lambda at, w: 2 * at[r"\lambda"] * w})  # fmt: skip
wrong(cost)

# %% [markdown] tags=["instructor"]
# ::: {.reason}
# For this cost the one-sided difference is off by exactly $\lambda h$, in each weight:
#
# $$ \frac{f(w + h) - f(w)}{h} = f'(w) + \lambda h \tag{H.71} $$
#
# With $\lambda = 0.2$ and 30,720 weights that alone is $6.1 \cdot 10^{-3}$ of the 7.8e-03. And a sum has no scale to compare with: twice the weights, twice the sum. Use the central
# difference (H.16) and a relative error, (H.19) or (H.20).
# :::

# %% tags=["instructor"]
holds(cost)
assert round(0.2 * 1e-6 * 30_720, 4) == 0.0061
