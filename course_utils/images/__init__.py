"""Cambios en las imágenes: moverlas, estropearlas, recolocarlas y aumentarlas."""

from course_utils.images.augmentation import joint
from course_utils.images.degradation import lower_resolution, to_grey
from course_utils.images.rearrangement import permute_blocks, place_in_pairs, shift_randomly, shrink_to_centre
from course_utils.images.robustness import DIRECTIONS, add_noise, rotate_images, shift_images
