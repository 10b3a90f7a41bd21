"""Aritmética de las capas y su referencia en NumPy: tamaños, parámetros, convolución y pooling."""

from course_utils.ops.convolution import (
    conv2d,
    conv2d_as_matrix,
    conv2d_transpose,
    convolve2d,
    correlate2d,
    pad2d,
    windows,
)
from course_utils.ops.kernels import KERNELS, Kernel, named_kernel
from course_utils.ops.parameters import conv_param_count, dense_param_count, locally_connected_param_count
from course_utils.ops.pooling import avg_pool2d, global_avg_pool2d, global_max_pool2d, max_pool2d
from course_utils.ops.receptive_field import ReceptiveField, receptive_field, usage_map
from course_utils.ops.sizes import (
    conv_output_size,
    explicit_padding,
    pool_output_size,
    same_padding,
    transposed_output_size,
)
