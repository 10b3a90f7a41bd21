// Una red entrenada por el curso: se lee del archivo que escribe course_utils.networks.export_web y se
// ejecuta con una imagen. Sin DOM.
import { forward, known } from "./layers.mjs";

const MAGIC = "RED1";
const HEADER = 12; // la palabra, la suma y lo que mide el JSON

/** La suma CRC-32 de unos bytes, la de zlib. */
export function crc32(bytes) {
  const table = Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let sum = -1;
  for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** El número de 64 bits que vale un float16, finito. */
function fromHalf(half) {
  const [sign, exponent, fraction] = [half & 0x8000 ? -1 : 1, (half >> 10) & 31, half & 1023];
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

/**
 * La red que hay en un archivo, después de comprobarlo: {name, notes, layers, outputs, reference}. Cada
 * capa lleva su nombre, su clase (la de Keras), los números de las que la alimentan, sus opciones y, en
 * `weights` y `shapes`, sus pesos. Si el archivo está cortado o cambiado, o hay una capa desconocida, lo
 * dice.
 */
export function readNetwork(buffer) {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = String.fromCharCode(...bytes.subarray(0, 4));
  if (bytes.length < HEADER || word !== MAGIC) throw new TypeError("no es de una red");
  if (crc32(bytes.subarray(8)) !== view.getUint32(4, true)) {
    throw new Error("El archivo de la red ha llegado incompleto o cambiado: recarga la página.");
  }
  const start = HEADER + view.getUint32(8, true);
  const { layers, ...content } = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, start)));
  const strange = layers.find((layer) => !known(layer));
  if (strange) {
    throw new Error(`La página no sabe calcular la capa «${strange.name}» (${strange.kind}) de esta red.`);
  }
  let at = start;
  const take = (shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const values = Float64Array.from({ length: size }, (_, i) => fromHalf(view.getUint16(at + 2 * i, true)));
    at += 2 * size;
    return values;
  };
  const withWeights = layers.map(({ weights: shapes = [], ...layer }) => {
    return { ...layer, shapes, weights: shapes.map(take) };
  });
  return { ...content, layers: withWeights };
}

/** Lo que responde cada capa, por su orden: {values, shape}; la primera es la imagen. */
export function run({ layers }, image, shape) {
  const outputs = [];
  for (const layer of layers) {
    const inputs = layer.inputs.map((number) => outputs[number]);
    const input = { values: image, shape };
    outputs.push(inputs.length ? forward(layer, inputs, layer.weights, layer.shapes) : input);
  }
  return outputs;
}

/** Las salidas de la red con una imagen: una lista, aunque solo haya una. */
export const predict = (network, image, shape) => {
  const outputs = run(network, image, shape);
  return network.outputs.map((number) => outputs[number]);
};

/** La imagen de referencia con la que Python anota lo que responde cada capa. */
export const referenceInput = (shape) =>
  Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 97) % 256);

/** Lo más que se aparta una red de lo que Python anotó de ella, relativo al mayor valor de cada capa. */
export function drift(network) {
  const { shape, samples } = network.reference;
  const outputs = run(network, referenceInput(shape), shape);
  return Math.max(
    ...outputs.map(({ values }, number) => {
      const step = Math.max(1, Math.floor(values.length / 16));
      const top = Math.max(1, ...samples[number].map(Math.abs));
      return Math.max(...samples[number].map((value, i) => Math.abs(values[i * step] - value) / top));
    }),
  );
}
