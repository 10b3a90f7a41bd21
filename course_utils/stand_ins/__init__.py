"""Datos sustitutos, dibujados por el curso, para cuando no hay Fashion-MNIST, CIFAR-10 o COCO."""

from course_utils.stand_ins.garments import draw_garments
from course_utils.stand_ins.objects import draw_objects
from course_utils.stand_ins.scenes import draw_scenes

__all__ = ["draw_garments", "draw_objects", "draw_scenes"]
