"""Rewrites a trained network, without changing its function, into the form that INT8 wants."""

from collections import defaultdict

import keras
import numpy as np
from keras import layers
from keras.ops import convert_to_numpy as array

CONVOLUTIONS = (layers.Conv2D, layers.DepthwiseConv2D, layers.Conv2DTranspose)
WEIGHTED = (*CONVOLUTIONS, layers.Dense)


def fold_network(model):
    """The same function with fewer operators, every convolution with its bias and activation.

    Batch norms go into the kernels and biases before them, ReLU layers become the activation of
    their convolution, dropout vanishes, a global maximum becomes a pooling (which has an INT8
    kernel), and a softmax over two channels becomes a sigmoid over logits made antisymmetric:
    softmax(a, b) = (sigmoid(a - b), sigmoid(b - a)), elementwise and thus quicker.

    Args:
        model: functional keras.Model, float32, fixed input size.

    Returns:
        A new functional keras.Model; `model` is not altered.
    """
    follower = _only_followers(model)
    norms, relus = {}, set()
    for layer in model.layers:
        if isinstance(layer, CONVOLUTIONS) and _is_linear(layer):
            after = follower.get(layer)
            if isinstance(after, layers.BatchNormalization):
                norms[layer.name] = after
                after = follower.get(after)
            if isinstance(after, layers.ReLU) and after.max_value is None:
                relus.add(layer.name)
    gone = {norm.name for norm in norms.values()}
    gone |= {_activation_of(layer, follower).name for layer in model.layers if layer.name in relus}
    folded = _rebuild(model, norms, relus, gone)
    for layer in model.layers:
        if isinstance(layer, WEIGHTED):
            weights = _folded_weights(layer, norms.get(layer.name))
            if isinstance(follower.get(layer), layers.Softmax):
                weights = [part - part[..., ::-1] for part in weights]
            folded.get_layer(layer.name).set_weights(weights)
    return folded


def kernel_axes(layer) -> tuple[int, ...]:
    """Axes of the kernel that one output channel shares (all but the channel's own)."""
    if isinstance(layer, layers.DepthwiseConv2D):
        return (0, 1)
    if isinstance(layer, layers.Conv2DTranspose):
        return (0, 1, 3)
    return tuple(range(len(layer.kernel.shape) - 1))


def _rebuild(model, norms, relus, gone):
    """Clones the graph without the layers that were folded away."""

    def clone(layer):
        config = layer.get_config()
        config["dtype"] = "float32"
        if layer.name in norms:
            config["use_bias"] = True
        if layer.name in relus:
            config["activation"] = "relu"
        return type(layer).from_config(config)

    def call(layer, *inputs, **options):
        if layer.name in gone or isinstance(layer, layers.Dropout):
            return inputs[0]
        if isinstance(layer, layers.Softmax):
            return layers.Activation("sigmoid", name=layer.name)(inputs[0])
        if isinstance(layer, layers.Dense) and layer.activation is keras.activations.sigmoid:
            return _dense_then_sigmoid(layer, inputs[0])
        if isinstance(layer, layers.GlobalMaxPooling2D):
            pooled = layers.MaxPooling2D(inputs[0].shape[1:3], name=layer.name)(inputs[0])
            return layers.Flatten(name=f"{layer.name}_flat")(pooled)
        return layer(*inputs, **options)

    return keras.models.clone_model(model, clone_function=clone, call_function=call)


def _dense_then_sigmoid(layer, inputs):
    """The sigmoid stands apart, so that the logits have a range of their own."""
    layer.activation = keras.activations.linear
    return layers.Activation("sigmoid", name=f"{layer.name}_probability")(layer(inputs))


def readers_of(model) -> dict:
    """For each layer's name the layers that read its output."""
    readers = defaultdict(list)
    for layer in model.layers:
        if not isinstance(layer, layers.InputLayer):
            for tensor in keras.tree.flatten(layer.input):
                readers[id(tensor)].append(layer)
    return {layer.name: readers[id(layer.output)] for layer in model.layers}


def _only_followers(model) -> dict:
    """For each layer the one that alone reads its output, dropout looked through."""
    readers = readers_of(model)

    def follower(layer):
        after = readers[layer.name]
        if len(after) == 1 and isinstance(after[0], layers.Dropout):
            return follower(after[0])
        return after[0] if len(after) == 1 else None

    return {layer: follower(layer) for layer in model.layers}


def _activation_of(layer, follower):
    after = follower[layer]
    return follower[after] if isinstance(after, layers.BatchNormalization) else after


def _is_linear(layer) -> bool:
    return layer.activation is keras.activations.linear


def _folded_weights(layer, norm) -> list[np.ndarray]:
    """Kernel and bias, with the batch norm in them where there is one."""
    kernel = array(layer.kernel)
    bias = array(layer.bias) if layer.use_bias else np.zeros(layer.output.shape[-1], np.float32)
    if norm is None:
        return [kernel, bias] if layer.use_bias else [kernel]
    scale = 1 / np.sqrt(array(norm.moving_variance) + norm.epsilon)
    if norm.scale:
        scale = scale * array(norm.gamma)
    shift = array(norm.beta) if norm.center else 0
    shape = np.ones(kernel.ndim, int)
    shape[next(axis for axis in range(kernel.ndim) if axis not in kernel_axes(layer))] = -1
    return [kernel * scale.reshape(shape), (bias - array(norm.moving_mean)) * scale + shift]
