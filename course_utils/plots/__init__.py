"""Figuras estáticas del curso: dibujan lo que se les da, no calculan nada y no devuelven nada.

Cada función abre su figura con el estilo del curso, la enseña con ``plt.show()`` y la cierra, así que en un
cuaderno va sola en la última línea de la celda. Los ejes son siempre (fila, columna, canal).
"""

from course_utils.plots.curves import (
    show_confusion,
    show_curves,
    show_function,
    show_history,
    show_parameter_bars,
    show_parameter_squares,
    show_points,
    show_precision_area,
    show_reliability,
)
from course_utils.plots.grids import Grid, show_grid, show_grid_rows, show_grids
from course_utils.plots.images import (
    show_channels,
    show_filters,
    show_heatmaps,
    show_images,
    show_kernels,
    show_patches,
    show_window,
)
from course_utils.plots.networks import (
    Stage,
    show_layers,
    show_network,
    show_neuron,
    show_unet,
    show_volume,
)
from course_utils.plots.pixels import show_cells, show_pixels
from course_utils.plots.segmentation import (
    show_annotations,
    show_class_maps,
    show_detections,
    show_objects,
    show_offsets,
    show_overlays,
    show_polygon,
)
