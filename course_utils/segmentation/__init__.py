"""Segmentar: la U-Net, cómo se juntan los píxeles en objetos y cómo se mide."""

from course_utils.segmentation.box_metrics import box_average_precision, box_iou, match_boxes
from course_utils.segmentation.grouping import (
    PixelMaps,
    center_targets,
    connected_instances,
    find_centers,
    voted_instances,
    watershed_instances,
)
from course_utils.segmentation.instance_metrics import (
    IOU_THRESHOLDS,
    Instances,
    average_precision,
    instance_iou,
    match_instances,
    panoptic_quality,
    precision_recall,
)
from course_utils.segmentation.person import person_probabilities
from course_utils.segmentation.semantic_metrics import class_iou, dice, iou, mean_iou
from course_utils.segmentation.unet import (
    FILTERS,
    FINE_FILTERS,
    OFFSET_SCALE,
    REDUCTION,
    fit_pixels,
    flip_pairs,
    object_loss,
    object_targets,
    predict_maps,
    predict_scores,
    unet,
)
