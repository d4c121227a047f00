# %% [markdown]
# # Gradient checking, and why h is 1e-5
#
# A cost that can be computed can be differentiated numerically: move one weight $w$ by a small $h$ and look. For a cost $J$ as a function of one
# weight, Taylor's theorem says what two ways of doing that cost. Moving to one side only,
#
# {{ equation 5.4 }}
#
# and moving to both sides, where the terms with even powers of $h$ cancel,
#
# $$ \frac{J(w + h) - J(w - h)}{2h} \approx J'(w) + \frac{h^2}{6} J'''(w) \tag{H.16} $$
#
# What is left out in (H.16) shrinks with $h^4$. So the one-sided error falls in proportion to $h$, the **central** one in
# proportion to $h^2$. It cannot fall for ever: $J$ is only computed to a relative precision of about $\varepsilon = 1.1 \cdot 10^{-16}$ in float64, and
# that rounding is divided by $2h$. Both values may be wrong, so the error of a central difference is about
#
# $$ E(h) = \frac{h^2}{6} \lvert J'''(w) \rvert + \frac{\varepsilon}{h} \lvert J(w) \rvert \tag{H.17} $$
#
# which is smallest where its derivative is zero:
#
# $$ h^{*} = \left( \frac{3 \varepsilon \lvert J(w) \rvert}{\lvert J'''(w) \rvert} \right)^{1/3} \tag{H.18} $$
#
# For $J$ and $J'''$ of size 1 that is $7 \cdot 10^{-6}$: hence $h = 10^{-5}$, in float64. (In float32 the same formula gives 0.006, and an error that
# hides most mistakes: check gradients in float64.)

# %%
w, h, a = rng.normal(), 0.3, rng.normal(size=5)
#: A cubic polynomial, of which O(h^2) is all there is, and a quartic one: all that (H.16) leaves out is zero for it.
for number, degree in (("5.4", 3), ("H.16", 4)):
    poly = np.polynomial.Polynomial(a[: degree + 1])
    slopes = {"O": lambda _at, square: a[3] * square} | {
        "J" + "'" * order: lambda _at, v, p=poly.deriv(order) if order else poly: float(p(v)) for order in range(4)
    }
    holds(World({"w": w, "h": h}, slopes), number)


def smallest(at):
    """Where E is smallest on a fine grid of steps, refined twice."""
    low, high = 1e-9, 1e-1
    for _ in range(4):
        steps = np.geomspace(low, high, 2001)
        best = int(np.argmin(steps**2 / 6 * 7.0 + at[r"\varepsilon"] / steps * 3.0))
        low, high = steps[max(best - 1, 0)], steps[min(best + 1, 2000)]
    return np.sqrt(low * high)


rounding = {"w": 0.3, "h": 1e-5, r"\varepsilon": 1.1e-16, "h^{*}": smallest}
sized = {"J": lambda _at, _w: -3.0, "J'''": lambda _at, _w: -7.0}
total = {"E": lambda at, h: 7.0 * h**2 / 6 + 3.0 * at[r"\varepsilon"] / h}
holds(World(rounding | {"h": 0.4, r"\varepsilon": 0.1}, sized | total), "H.17")
holds(World(rounding, sized, tolerance=1e-5), "H.18")
assert round((3 * 1.1e-16) ** (1 / 3), 6) == 7e-6
assert round((3 * 6e-8) ** (1 / 3), 3) == 0.006

# %% [markdown]
# {{ figure check }}
#
# For a parameter with gradient $a$ and numerical gradient $n$, compare **relatively**. The largest relative error over the entries
#
# $$ r = \max_{j} \frac{\lvert a_j - n_j \rvert}{\lvert a_j \rvert + \lvert n_j \rvert} \tag{H.19} $$
#
# has no unit, and no scale. (Where both are zero the quotient counts as 0.) A right gradient of the toy problem has $r = 3.6 \cdot 10^{-9}$ at $h = 10^{-5}$, but
# $6 \cdot 10^{-8}$ at $10^{-4}$ and some $10^{-8}$ at $10^{-6}$: the sheet's bar of $10^{-8}$ is met with central differences at $h = 10^{-5}$ only. One tiny entry can spoil
# (H.19) though nothing is wrong; the norm-wise error
#
# $$ R = \frac{\lVert a - n \rVert}{\lVert a \rVert + \lVert n \rVert} \tag{H.20} $$
#
# does not have that weakness. Three more habits: use sizes that all differ; use biases that are not zero; and stay away from
# kinks. Where a pre-activation is exactly 0, the ReLU has no derivative, and numerical and analytic gradient differ although nothing is
# wrong.

# %%
a, n = rng.uniform(1.0, 2.0, size=(2, 6))
holds(
    World({"a": column(a), "n": column(n), "r": np.max(np.abs(a - n) / (np.abs(a) + np.abs(n)))}, indices={"j": 6}),
    "H.19",
)
holds(
    World({"a": column(a), "n": column(n), "R": np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))}),
    "H.20",
)
