// Escribe lo que responde cada capa de una red a la imagen de referencia, seguido y en float64:
// node web/test/activations.mjs RED.bin. Lo compara con Keras tests/test_networks_web.py.
import { readFile } from "node:fs/promises";
import { readNetwork, referenceInput, run } from "../nn/network.mjs";

const network = readNetwork(await readFile(process.argv[2]));
const { shape } = network.reference;
for (const { values } of run(network, referenceInput(shape), shape)) {
  process.stdout.write(new Uint8Array(Float64Array.from(values).buffer));
}
