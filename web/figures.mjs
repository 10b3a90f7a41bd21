// El paquete de todas las figuras: el estado `figure` dice cuál se monta. Es el _esm de anywidget y lo que
// carga host.mjs; `work`, lo que ejecuta el hilo de un entrenamiento.
import figures from "./figures/index.mjs";
import { work } from "./training/worker.mjs";
import { mount } from "./ui/figure.mjs";

export default { render: (context) => mount(context, figures[context.model.get("figure")]), work };
