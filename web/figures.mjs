// El paquete de todas las figuras: el estado `figure` dice cuál se monta. Es el _esm de anywidget y lo que carga host.mjs.
import channels from "./figures/channels.mjs";
import convolution from "./figures/convolution.mjs";
import dense_to_conv from "./figures/dense_to_conv.mjs";
import mask_overlap from "./figures/mask_overlap.mjs";
import output_size from "./figures/output_size.mjs";
import pixel_usage from "./figures/pixel_usage.mjs";
import pooling from "./figures/pooling.mjs";
import precision_recall from "./figures/precision_recall.mjs";
import receptive_field from "./figures/receptive_field.mjs";
import shared_weights from "./figures/shared_weights.mjs";
import transposed_convolution from "./figures/transposed_convolution.mjs";

const figures = {
  channels,
  convolution,
  dense_to_conv,
  mask_overlap,
  output_size,
  pixel_usage,
  pooling,
  precision_recall,
  receptive_field,
  shared_weights,
  transposed_convolution,
};

export default { render: (context) => figures[context.model.get("figure")].render(context) };
