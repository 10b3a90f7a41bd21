// Las figuras, con el título y los estados que les da Python.
// Generado por tools/figures.py con course_utils/figures: no se edita a mano.
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
  gradient_descent: {
    ...gradient_descent,
    title: "Descenso de gradiente",
    states: ["learning_rate", "momentum", "start", "step", "surface"],
  },
  convolution: {
    ...convolution,
    title: "Convolución paso a paso",
    states: ["goal", "image", "kernel", "kernels", "padding", "position", "stride"],
  },
  output_size: {
    ...output_size,
    title: "Tamaño de salida",
    states: ["dilation", "input_size", "kernel_size", "padding", "stride", "target"],
  },
  pixel_usage: {
    ...pixel_usage,
    title: "Uso de cada píxel",
    states: ["col", "input_size", "kernel_size", "padding", "row", "stride"],
  },
  channels: {
    ...channels,
    title: "Canales y filtros",
    states: ["bias", "filter", "image", "kernel", "mode", "position"],
  },
  transposed_convolution: {
    ...transposed_convolution,
    title: "Convolución transpuesta",
    states: ["col", "image", "kernel", "padding", "position", "row", "shown", "stride"],
  },
  dense_to_conv: {
    ...dense_to_conv,
    title: "De densa a convolucional",
    states: ["image", "kernel", "output", "stage", "weights"],
  },
  shared_weights: {
    ...shared_weights,
    title: "Pesos compartidos",
    states: ["channels", "filters", "input_size", "kernel_size"],
  },
  pooling: {
    ...pooling,
    title: "Pooling",
    states: ["image", "mode", "pool_size", "position", "shift_cols", "shift_rows", "stride"],
  },
  receptive_field: {
    ...receptive_field,
    title: "Campo receptivo",
    states: ["col", "input_size", "layers", "padding", "row"],
  },
  inside_cnn: {
    ...inside_cnn,
    title: "La CNN por dentro",
    states: ["channel", "image", "layer", "position", "shift_cols", "shift_rows", "source", "view"],
  },
  train_in_page: {
    ...train_in_page,
    title: "Entrena en la página",
    states: ["filters", "hidden", "kernel_size", "rate", "seed"],
  },
  augmentation: {
    ...augmentation,
    title: "Aumento de datos",
    states: ["brightness", "contrast", "draws", "flip", "image", "joint", "mask", "rotation", "shift", "zoom"],
  },
  mask_overlap: {
    ...mask_overlap,
    title: "Solape de dos máscaras",
    states: ["probabilities", "threshold", "truth"],
  },
  threshold: {
    ...threshold,
    title: "Umbral",
    states: ["confidence", "probabilities", "threshold", "truth"],
  },
  segment_and_count: {
    ...segment_and_count,
    title: "Segmenta y cuenta",
    states: ["light", "noise", "objects", "seed"],
  },
  precision_recall: {
    ...precision_recall,
    title: "Precisión y exhaustividad",
    states: ["iou_threshold", "predicted", "score_threshold", "scores", "truth"],
  },
  run_length: {
    ...run_length,
    title: "RLE y polígono",
    states: ["mask", "position", "tolerance"],
  },
};
