"""Takes the bias into the product, keeps masks as numbers, and builds dicts in loops.

loses: nothing
"""


# %% q5a-centering
class Centering(Layer):
    def __init__(self, name, mean):
        super().__init__(name, len(mean), len(mean))
        self.shift = -np.asarray(mean)

    def forward(self, X):
        return X + self.shift

    def backward(self, dY):
        return dY.copy()


# %% q5a-linear
class Linear(Layer):
    def __init__(self, name, input_size, output_size, weights, rng, reg=0.0):
        super().__init__(name, input_size, output_size)
        self.params = {"W": weights(input_size, output_size, rng), "b": np.zeros((output_size,))}
        self.strength = reg

    def forward(self, X):
        self.extended = np.hstack([X, np.ones((len(X), 1))])
        return self.extended @ np.vstack([self.params["W"], self.params["b"]])

    def backward(self, dY):
        both = self.extended.T @ dY
        self.grads = {"W": both[:-1] + self.strength * (self.params["W"] + self.params["W"]), "b": both[-1]}
        return np.dot(dY, self.params["W"].T)

    def penalty(self):
        return self.strength * np.vdot(self.params["W"], self.params["W"])


# %% q5a-relu
class ReLU(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, X):
        self.slope = np.heaviside(X, 0.0)
        return self.slope * X

    def backward(self, dY):
        return np.multiply(self.slope, dY)


# %% q5a-softmax
class Softmax(Layer):
    def __init__(self, name, size):
        super().__init__(name, size, size)

    def forward(self, Z):
        self.P = scipy.special.softmax(Z, axis=1)
        return self.P.copy()

    def backward(self, y):
        share = 1.0 / len(y)
        signal = share * self.P
        np.subtract.at(signal, (np.arange(len(y)), y), share)
        return signal


# %% q5b-network
class Network:
    def __init__(self, layers):
        self.layers = layers

    @property
    def params(self):
        return {f"{part.name}.{key}": v for part in self.layers for key, v in part.params.items()}

    @params.setter
    def params(self, values):
        for part in self.layers:
            part.params = {key: values[f"{part.name}.{key}"] for key in part.params}

    def forward(self, X):
        signals = [X]
        for layer in self.layers:
            signals.append(layer.forward(signals[-1]))
        return signals[-1]

    def cost(self, X, y):
        chosen = np.take_along_axis(self.forward(X), np.asarray(y)[:, None], axis=1)
        J = -np.log(chosen).mean()
        for layer in self.layers:
            J += layer.penalty()
        return J

    def accuracy(self, X, y):
        right = self.forward(X).argmax(axis=1) == y
        return np.count_nonzero(right) / len(y)

    def gradients(self, X, y):
        self.forward(X)
        signal = y
        for number in range(len(self.layers) - 1, -1, -1):
            signal = self.layers[number].backward(signal)
        found = {}
        for layer in self.layers:
            for key in layer.params:
                found[layer.name + "." + key] = layer.grads[key]
        return found


# %% q5c-report
def gradient_report(grad, numeric):
    sizes = {"": abs(grad).ravel(), "_numeric": abs(numeric).ravel()}
    ways = {"mean": np.mean, "min": np.min, "max": np.max}
    report = {name + ending: way(values) for ending, values in sizes.items() for name, way in ways.items()}
    return {"difference": np.linalg.norm((numeric - grad).ravel(), 1), **report}


# %% q5d-initialisers
def zeros(input_size, output_size, rng):
    return np.zeros(input_size * output_size).reshape(input_size, output_size)


def gaussian(std):
    def draw(input_size, output_size, rng):
        return std * rng.standard_normal((input_size, output_size))

    return draw


def xavier_by_outputs(input_size, output_size, rng):
    return gaussian(output_size**-0.5)(input_size, output_size, rng)


def xavier(input_size, output_size, rng):
    return rng.standard_normal((input_size, output_size)) / np.sqrt((input_size + output_size) / 2)


def he(input_size, output_size, rng):
    return rng.normal(0.0, (2 / input_size) ** 0.5, (input_size, output_size))


# %% q5e-sgd
class VanillaSGD(Optimiser):
    def step(self, params, grads):
        after = {name: value.copy() for name, value in params.items()}
        for name in after:
            after[name] -= self.learning_rate * grads[name]
        return after


# %% q5e-momentum
class MomentumSGD(Optimiser):
    def __init__(self, learning_rate, momentum, decay=1.0, damped=False):
        Optimiser.__init__(self, learning_rate, decay)
        self.mu = momentum
        self.share = 1 - momentum if damped else 1.0
        self.velocity = None

    def step(self, params, grads):
        if self.velocity is None:
            self.velocity = {name: np.zeros_like(value) for name, value in params.items()}
        after = {}
        for name, value in params.items():
            self.velocity[name] *= self.mu
            self.velocity[name] -= self.learning_rate * self.share * grads[name]
            after[name] = value + self.velocity[name]
        return after
