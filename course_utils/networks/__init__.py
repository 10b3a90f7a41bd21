"""Las redes del curso: sus modelos, su entrenamiento, sus medidas y lo que responden por dentro."""

from course_utils.networks.activations import (
    Patches,
    feature_maps,
    grad_cam,
    occlusion_map,
    top_patches,
    window_geometry,
)
from course_utils.networks.metrics import Reliability, accuracy, confusion_matrix, reliability
from course_utils.networks.models import (
    block_cnn,
    colour_cnn,
    colour_dense,
    compact_cnn,
    dense_beginner,
    face_cnn,
    face_dense,
    first_cnn,
    lenet,
    linear_classifier,
    multiply_adds,
    one_map_net,
    pooling_cnn,
    presence_net,
    readout_cnn,
    small_cnn,
    tutorial_cnn,
    two_block_cnn,
)
from course_utils.networks.optimisers import muon, one_cycle, orthogonalize
from course_utils.networks.training import (
    Recipe,
    TrainingResult,
    batches,
    fit,
    fit_recipe,
    fix_seeds,
    flip_and_shift,
    mixup,
    predict_classes,
    predict_probabilities,
    use_onednn,
)
from course_utils.networks.web import export_web, read_web, reference_input, run_web
from course_utils.networks.weights import load_weights, save_weights
