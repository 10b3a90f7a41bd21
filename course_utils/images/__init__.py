"""Cambios en las imágenes: moverlas, estropearlas, recolocarlas y aumentarlas."""

from course_utils.images.augmentation import joint
from course_utils.images.degradation import add_noise, lower_resolution, to_grey
from course_utils.images.movement import DIRECTIONS, rotate_images, shift_images, shift_randomly
from course_utils.images.rearrangement import permute_blocks, place_in_pairs, shrink_to_centre
