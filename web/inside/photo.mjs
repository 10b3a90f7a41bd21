// Una prenda de fuera: de un archivo o de la cámara.
import { matrix } from "../math.mjs";
import { preparePhoto } from "../nn/garments.mjs";
import { button } from "../ui/controls.mjs";
import { h } from "../ui/dom.mjs";

const PHOTO_SIDE = 112; // lado mayor al que se reduce una foto antes de prepararla

/** Los grises de una imagen de width × height, como matriz. */
function graysOf(image, width, height) {
  const scale = PHOTO_SIDE / Math.max(width, height);
  const [cols, rows] = [width, height].map((n) => Math.max(1, Math.round(n * scale)));
  const canvas = h("canvas", { width: cols, height: rows });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // lo transparente es pared
  context.fillRect(0, 0, cols, rows);
  context.drawImage(image, 0, 0, cols, rows);
  const { data } = context.getImageData(0, 0, cols, rows);
  return matrix(rows, cols, (r, c) => {
    const i = 4 * (r * cols + c);
    return (data[i] + data[i + 1] + data[i + 2]) / 3;
  });
}

/** El botón de subir una foto: onphoto(prenda) o onproblem(por qué no). */
export function photoButton(figure, onphoto, onproblem) {
  const read = async (file) => {
    const bitmap = await createImageBitmap(file);
    const grays = graysOf(bitmap, bitmap.width, bitmap.height);
    bitmap.close();
    return preparePhoto(grays);
  };
  const input = h("input", {
    type: "file",
    accept: "image/*",
    hidden: true,
    async onchange() {
      const [file] = input.files;
      input.value = "";
      if (!file) return;
      try {
        const ready = await read(file);
        if (ready) onphoto(ready);
        else onproblem(figure.text("unclear"));
      } catch {
        onproblem(figure.text("unreadable", { name: file.name }));
      }
    },
  });
  return [button("Subir una foto", () => input.click()), input];
}

const REFUSALS = ["NotAllowedError", "NotFoundError"]; // las que tienen su frase

/** La cámara: `open`, el botón que la enciende, y `el`, lo que ve, con el de hacer la foto; se apaga sola. */
export function camera(figure, onphoto, onproblem) {
  let [stream, turn] = [null, 0];
  const stop = (one) => one?.getTracks().forEach((track) => track.stop());
  const video = h("video", { autoplay: true, playsinline: true, "aria-label": "Lo que ve la cámara" });
  video.muted = true;
  const close = () => {
    turn++;
    stop(stream);
    [stream, video.srcObject, el.hidden] = [null, null, true];
  };
  const shoot = () => {
    if (!stream.active) {
      quit();
      return onproblem(figure.text("NotFoundError")); // se ha desconectado
    }
    if (!video.videoWidth) return; // todavía no se ve nada
    const ready = preparePhoto(graysOf(video, video.videoWidth, video.videoHeight));
    if (!ready) return onproblem(figure.text("unclear"));
    close();
    open.focus();
    onphoto(ready);
  };
  const start = async () => {
    close();
    const own = turn;
    try {
      if (!navigator.mediaDevices) throw new Error("sin cámara");
      const found = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (own !== turn) return stop(found); // mientras se pedía permiso, alguien ha cerrado
      [stream, video.srcObject, el.hidden] = [found, found, false];
      onproblem("");
      take.focus();
    } catch ({ name }) {
      if (own !== turn) return;
      onproblem(figure.text(REFUSALS.includes(name) ? name : "camera_fails"));
    }
  };
  const quit = () => {
    close();
    open.focus();
  };
  const open = button("Usar la cámara", start);
  const take = button("Hacer la foto", shoot);
  const el = h("div.cf-side", { hidden: true }, video, h("div.cf-row", {}, take, button("Cerrar", quit)));
  figure.onReset(close);
  figure.onRemove(close);
  return { open, el };
}
