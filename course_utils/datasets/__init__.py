"""Los conjuntos de datos del curso, de la mejor fuente que haya en cada máquina."""

from course_utils.datasets import cifar10, fashion_mnist
from course_utils.datasets.astronaut import load_astronaut
from course_utils.datasets.cifar10 import load_cifar10
from course_utils.datasets.coco.categories import coco_categories
from course_utils.datasets.coco.detections import load_detections
from course_utils.datasets.coco.loading import coco_collection, load_coco
from course_utils.datasets.coco.masks import COURSE_LICENCE, CocoError, describe_mask, encode_rle_counts
from course_utils.datasets.coco.sample import CocoSample, annotation_mask, coco_api
from course_utils.datasets.coco.validation import validate_coco
from course_utils.datasets.dataset import Dataset, first_images, split_validation
from course_utils.datasets.drawn.coco_scenes import draw_scenes
from course_utils.datasets.drawn.faces import generate_faces
from course_utils.datasets.drawn.garments import draw_garments
from course_utils.datasets.drawn.objects import background, draw_objects, object_parts, paint
from course_utils.datasets.drawn.shapes import (
    CLASS_NAMES,
    OBJECT_NAMES,
    REGION_NAMES,
    Shapes,
    export_coco,
    generate_shapes,
)
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.datasets.photos import PhotoUpload, photograph, prepare_photo
from course_utils.datasets.sources import course_data_dir, used_fingerprints

COLLECTIONS = {one.name: one for one in (fashion_mnist.COLLECTION, cifar10.COLLECTION, coco_collection())}
LOADERS = {"fashion-mnist": load_fashion_mnist, "cifar-10": load_cifar10, "coco": load_coco}
