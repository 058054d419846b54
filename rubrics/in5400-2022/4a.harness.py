"""Question 4a: the given network around what is handed in: a class, its methods, or lines that replace given ones.

A line that calls a given layer stands for the given line with that layer; what lies between is run as given.
"""

import functools

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.modules.module import register_module_forward_pre_hook

LAYERS = ("conv1", "conv2", "maxpool1", "conv3", "conv4", "maxpool2", "fc1")
ARRIVING = (1, 16, 16, 16, 32, 32, 32)
"""Channels of what each layer gets."""
NORMS = nn.modules.batchnorm._BatchNorm
NOTHING_SEEN = 1e-4
"""Outputs that lie closer are the same."""


class Unclear(Exception):
    """A person has to look at this."""


class Kept(nn.Module):
    """The given layers. What the first pass sets stays, because lines of the constructor run with every pass."""

    def __init__(self):
        if "at" in vars(self):  # a line that repeats `super().__init__()`
            return
        vars(self).update(at=[0], settled=frozenset())
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 16, 3), nn.Conv2d(16, 16, 3)
        self.maxpool1 = nn.MaxPool2d(2)
        self.conv3, self.conv4 = nn.Conv2d(16, 32, 3), nn.Conv2d(32, 32, 3)
        self.maxpool2 = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(512, 10)

    def settle(self):
        known = {*vars(self), *self._modules, *self._parameters, *self._buffers}
        vars(self)["settled"] = frozenset(known - {"training"})

    def __setattr__(self, name, value):
        if name in self.settled:
            return
        super().__setattr__(name, value)
        if name in LAYERS and isinstance(value, nn.Module):
            value.register_forward_pre_hook(functools.partial(self.arrive, name))

    def register_buffer(self, name, *rest, **more):
        if name not in self.settled:
            super().register_buffer(name, *rest, **more)

    def arrive(self, name, layer, given):
        """Before a given layer: the given steps that were left out are made up for."""
        place, h = LAYERS.index(name), given[0]
        if self.at[0] > place:
            raise Unclear(f"it calls {name} after {LAYERS[self.at[0] - 1]}")
        left_out = self.at[0] < place
        if left_out and h.dim() == 2:
            h = h.reshape(len(h), ARRIVING[self.at[0]], -1)
            h = h.unflatten(2, (round(h.shape[2] ** 0.5), -1))
        while self.at[0] < place:
            h = self.step(h)
        self.at[0] = place + 1
        CALLS.append(("given", layer, tuple(h.shape)))
        return torch.flatten(h, 1) if left_out and name == "fc1" else h

    def step(self, h):
        """The given line that comes next."""
        name = LAYERS[self.at[0]]
        h = getattr(self, name)(torch.flatten(h, 1) if name == "fc1" else h)
        return F.relu(h) if name.startswith("conv") else h

    def __call__(self, *given):
        self.at[0] = 0
        return super().__call__(*given)

    def forward(self, x):
        try:
            found = self.lines(x)
        except (RuntimeError, ValueError):
            kinds_of_calls = [what for what, _, _ in CALLS]
            if kinds_of_calls[-1:] == ["norm"] and kinds_of_calls[-2:-1] != ["given"]:
                raise Unclear("no line says which layer the normalisation comes after") from None
            raise
        if not isinstance(found, dict):
            return found
        h = found["x"] if found["h"] is x else found["h"]
        if h is not x and self.at[0] == 0:
            raise Unclear("no line says where the change belongs")
        while self.at[0] < len(LAYERS):
            h = self.step(h)
        return h


class Given(Kept):
    def lines(self, x):
        h = x
        {{answer}}
        return locals()


CALLS = []
"""What ran, in order: `given`, `norm` or `linear`, the layer, the shape of what it got."""


def network():
    """The class handed in, or the given one with the lines or methods handed in."""
    given = Given()
    try:
        found = given.lines(torch.rand(8, 1, 28, 28))
    except (RuntimeError, ValueError):  # sizes that do not fit show again in every pass
        found = None
    given.settle()
    if not isinstance(found, dict):
        return given
    classes = {
        name: value
        for name, value in found.items()
        if isinstance(value, type) and issubclass(value, nn.Module) and value is not Given
    }
    if classes and given.at[0] == 0:  # no line beside them uses a given layer
        return classes.get("Model", list(classes.values())[-1])()
    methods = {name: found[name] for name in ("__init__", "forward") if callable(found.get(name))}
    if "__init__" in methods:
        return type("Model", (Given,), methods)()
    given.__class__ = type("Model", (Given,), methods)
    return given


def watch_layer(layer, given):
    if isinstance(layer, (NORMS, nn.Linear)):
        what = "norm" if isinstance(layer, NORMS) else "linear"
        CALLS.append((what, layer, tuple(given[0].shape)))


def watch_function(function):
    @functools.wraps(function)
    def watched(input, *rest, **more):
        by_a_layer = CALLS and CALLS[-1][0] == "norm" and CALLS[-1][1] is not None
        if not by_a_layer:
            CALLS.append(("norm", None, tuple(input.shape)))
        return function(input, *rest, **more)

    return watched


register_module_forward_pre_hook(watch_layer)
F.batch_norm = watch_function(F.batch_norm)


def run(model, x):
    globals()["out"] = x  # the name that the printed exam reads
    y = model(x)
    if y is None:
        raise TypeError("the forward pass returns nothing")
    return y


def tried(model):
    """The normalisations of one training pass, where no layer ran the unused ones, and the shape that came out."""
    CALLS.clear()
    try:
        shape = tuple(run(model.train(), torch.rand(8, 1, 28, 28)).shape)
    except (RuntimeError, ValueError):  # what torch raises where sizes do not fit
        shape = ()
    norms = [(layer, seen) for what, layer, seen in CALLS if what == "norm"]
    unused = [layer for layer in model.modules() if isinstance(layer, NORMS)]
    if shape and not norms and not unused and depends_on_others(model):
        raise Unclear("the images of a batch count for each other without a layer of torch")
    return norms, unused if not norms else [], shape


def takes(layer, shape):
    try:
        layer._check_input_dim(torch.empty(shape))
    except ValueError:
        return False
    return True


def kinds(model):
    norms, unused, _ = tried(model)
    if not norms:
        return any(isinstance(layer, nn.BatchNorm2d) for layer in unused)
    return all(layer is None or takes(layer, shape) for layer, shape in norms)


def sizes(model):
    norms, unused, shape = tried(model)
    fitting = any(getattr(layer, "num_features", 0) in ARRIVING[1:] for layer in unused)
    return bool(norms or fitting) and shape == (8, 10)


def place(model):
    """`inside` where a layer with weights comes after a normalisation or would have come."""
    tried(model)
    order = [what for what, _, _ in CALLS]
    if "norm" not in order:
        return "nowhere"
    return "output only" if "linear" in order[: order.index("norm")] else "inside"


def depends_on_others(model):
    """Whether the output of an image changes with the other images of its batch."""
    x = torch.rand(8, 1, 28, 28)
    other = torch.cat([x[:1], 3 * x[1:] - 1])
    outputs = []
    for batch in (x, other):
        torch.manual_seed(0)  # the same units are dropped, if any
        outputs.append(run(model, batch)[0])
    return apart(*outputs)


def apart(first, second):
    return bool((first - second).abs().max() > NOTHING_SEEN)


def modes(model):
    """Whether the other images count in training and in evaluation, and whether training changes what evaluation uses."""
    x = torch.rand(8, 1, 28, 28)
    in_training = depends_on_others(model.train())
    in_evaluation = depends_on_others(model.eval())
    before = run(model, x)
    for _ in range(3):
        run(model.train(), 3 * x - 1)
    return in_training, in_evaluation, apart(before, run(model.eval(), x))
