// Las figuras. Generado por tools/figures.py con course_utils/figures: no se edita a mano.
import gradient_descent from "./gradient_descent.mjs";
import convolution from "./convolution.mjs";
import output_size from "./output_size.mjs";
import pixel_usage from "./pixel_usage.mjs";
import channels from "./channels.mjs";
import transposed_convolution from "./transposed_convolution.mjs";
import dense_to_conv from "./dense_to_conv.mjs";
import shared_weights from "./shared_weights.mjs";
import pooling from "./pooling.mjs";
import receptive_field from "./receptive_field.mjs";
import inside_cnn from "./inside_cnn.mjs";
import train_in_page from "./train_in_page.mjs";
import augmentation from "./augmentation.mjs";
import mask_overlap from "./mask_overlap.mjs";
import threshold from "./threshold.mjs";
import segment_and_count from "./segment_and_count.mjs";
import precision_recall from "./precision_recall.mjs";
import run_length from "./run_length.mjs";

export default {
  gradient_descent,
  convolution,
  output_size,
  pixel_usage,
  channels,
  transposed_convolution,
  dense_to_conv,
  shared_weights,
  pooling,
  receptive_field,
  inside_cnn,
  train_in_page,
  augmentation,
  mask_overlap,
  threshold,
  segment_and_count,
  precision_recall,
  run_length,
};
