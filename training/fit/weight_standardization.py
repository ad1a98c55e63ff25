"""Weight standardization: convolutions that train far faster and are folded away afterwards.

Qiao et al. 2019 (arXiv 1903.10520), scaled for ReLU networks as in Brock et al. 2021
(arXiv 2101.08692). Batch norm would do too, but costs as much again as the convolutions on a CPU.
"""

import keras
from keras import layers, ops

RELU_GAIN = (2 / (1 - 1 / 3.141592653589793)) ** 0.5  # Brock et al., section 3: about 1.71
EPSILON = 1e-4


@keras.saving.register_keras_serializable(package="fracturelens")
class StandardizedConv2D(layers.Conv2D):
    """Conv2D whose kernel has mean 0 and a learned scale for each output channel."""

    def build(self, input_shape):
        """Adds the scale to the weights of Conv2D."""
        super().build(input_shape)
        start = keras.initializers.Constant(RELU_GAIN)
        self.gain = self.add_weight(name="gain", shape=(self.filters,), initializer=start)

    def standard_kernel(self):
        """The kernel that the convolution uses, float32 (h, w, in, out)."""
        kernel = ops.cast(self.kernel, "float32")
        axes = (0, 1, 2)
        centered = kernel - ops.mean(kernel, axis=axes, keepdims=True)
        fan_in = kernel.shape[0] * kernel.shape[1] * kernel.shape[2]
        spread = ops.mean(ops.square(centered), axis=axes, keepdims=True) * fan_in
        return centered * ops.rsqrt(spread + EPSILON) * ops.cast(self.gain, "float32")

    def call(self, inputs):
        """Convolution, bias and activation."""
        outputs = self.convolution_op(inputs, ops.cast(self.standard_kernel(), self.compute_dtype))
        return self.activation(outputs + ops.cast(self.bias, self.compute_dtype))


def standardize(model):
    """A copy of a network, fresh weights, with every 3x3 convolution standardized."""

    def replace(layer):
        fits = isinstance(layer, layers.Conv2D) and layer.kernel_size == (3, 3)
        kind = StandardizedConv2D if fits else type(layer)
        return kind.from_config(layer.get_config())

    return keras.models.clone_model(model, clone_function=replace)


def fold(trained, plain) -> None:
    """Copies a standardized network into a plain one of the same layer names; same outputs."""
    for target in plain.layers:
        layer = trained.get_layer(target.name)
        weights = layer.get_weights()
        if isinstance(layer, StandardizedConv2D):
            with keras.device("cpu"):
                kernel = ops.convert_to_numpy(layer.standard_kernel())
            weights = [kernel, ops.convert_to_numpy(layer.bias.value)]
        target.set_weights(weights)


def unfold(plain, trained) -> None:
    """Copies a plain network into a standardized one: `fold` turned round, same outputs.

    The outputs are the same where the plain kernels have no mean, as those of `fold` have.
    """
    for layer in plain.layers:
        target = trained.get_layer(layer.name)
        if not isinstance(target, StandardizedConv2D):
            target.set_weights(layer.get_weights())
            continue
        kernel, bias = layer.get_weights()
        spread = kernel.var(axis=(0, 1, 2)) * kernel[..., 0].size + EPSILON
        target.bias.assign(bias)
        target.gain.assign(spread**0.5)
        # A kernel of the size of a fresh one takes steps of the usual relative length.
        target.kernel.assign(kernel * (2 / spread) ** 0.5)
