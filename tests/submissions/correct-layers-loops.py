"""Writes loops and prints what it does.

loses: nothing
"""


# %% q5b-network
class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    @property
    def params(self):
        return {f"{layer.name}.{key}": v for layer in self.layers for key, v in layer.params.items()}

    @params.setter
    def params(self, values):
        for layer in self.layers:
            layer.params = {key: values[f"{layer.name}.{key}"] for key in layer.params}

    def forward(self, X):
        print("forward with", len(X), "rows")
        outputs = [X]
        for layer in self.layers:
            outputs.append(layer.forward(outputs[-1]))
        return outputs[-1]

    def cost(self, X, y):
        total = 0.0
        for row, label in zip(self.forward(X), y, strict=True):
            total -= np.log(row[label]) / len(y)
        for layer in self.layers:
            total += layer.penalty()
        return total

    def accuracy(self, X, y):
        return sum(int(np.argmax(p)) == label for p, label in zip(self.forward(X), y, strict=True)) / len(y)

    def gradients(self, X, y):
        self.forward(X)
        grads, upstream = {}, y
        for number in range(len(self.layers) - 1, -1, -1):
            layer = self.layers[number]
            upstream = layer.backward(upstream)
            for key, value in layer.grads.items():
                grads[layer.name + "." + key] = np.array(value)
        return {name: grads[name] for name in self.params}


# %% q5d-initialisers
def zeros(input_size, output_size, rng):
    return np.zeros((input_size, output_size))


def partial_gaussian(std):
    def draw(D, H, rng):
        return std * rng.standard_normal((D, H))

    return draw


def gaussian(std):
    return partial_gaussian(std)


def xavier_by_outputs(input_size, output_size, rng):
    return np.sqrt(1 / output_size) * rng.standard_normal((input_size, output_size))


def xavier(input_size, output_size, rng):
    return np.sqrt(2 / (input_size + output_size)) * rng.standard_normal((input_size, output_size))


def he(input_size, output_size, rng):
    return np.sqrt(2 / input_size) * rng.standard_normal((input_size, output_size))


# %% q5c-report
def gradient_report(grad, numeric):
    a, n = np.abs(np.ravel(grad)), np.abs(np.ravel(numeric))
    return {
        "difference": float(np.linalg.norm(np.ravel(grad) - np.ravel(numeric), 1)),
        "mean": float(np.average(a)),
        "mean_numeric": float(np.average(n)),
        "min": float(np.sort(a)[0]),
        "min_numeric": float(np.sort(n)[0]),
        "max": float(np.sort(a)[-1]),
        "max_numeric": float(np.sort(n)[-1]),
    }
