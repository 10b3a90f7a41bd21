// Busca al azar, desde el de web/order.json, un orden de los módulos con el que el paquete ocupe menos con
// gzip, que solo recuerda los últimos 32 kB: node web/order.mjs SEGUNDOS. No hace falta para construir: un
// módulo que no esté en la lista va donde lo pida el primero que lo usa.
import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minifiedCss } from "./css.mjs";

const LIST = "web/order.json";
const imports = JSON.parse(await readFile(LIST, "utf8")).map((path) => `import "./${path}";`);
const { outputFiles, metafile } = await build({
  stdin: { contents: `${imports.join("")}import "./figures.mjs";`, resolveDir: "web" },
  bundle: true,
  write: false,
  format: "esm",
  charset: "utf8",
  minifyIdentifiers: true,
  minifySyntax: true,
  metafile: true,
  treeShaking: false,
  plugins: [minifiedCss],
});
const [, ...parts] = outputFiles[0].text.split(/^\/\/ (web\/.*)$/m);
const texts = new Map();
for (let i = 0; i < parts.length; i += 2) {
  const { code } = await transform(parts[i + 1], { charset: "utf8", minifyWhitespace: true, format: "esm" });
  texts.set(parts[i], code);
}

const size = (order) => gzipSync(order.map((path) => texts.get(path)).join(""), { level: 9 }).length;

/** ¿Va cada módulo detrás de los que importa? */
function possible(order) {
  const place = new Map(order.map((path, i) => [path, i]));
  return order.every((path) =>
    metafile.inputs[path].imports.every((one) => !(place.get(one.path) > place.get(path))),
  );
}

const any = (n) => Math.floor(Math.random() * n);
let best = [...texts.keys()];
let least = size(best);
const end = Date.now() + 1000 * Number(process.argv[2]);
while (Date.now() < end) {
  const order = [...best];
  const moved = order.splice(any(order.length), 1 + any(3));
  order.splice(any(order.length + 1), 0, ...moved);
  if (!possible(order)) continue;
  const now = size(order);
  if (now < least) [best, least] = [order, now];
}
const last = ["web/figures/index.mjs", "web/figures.mjs"];
const listed = best.filter((path) => !last.includes(path)).map((path) => path.slice("web/".length));
await writeFile(LIST, `${JSON.stringify(listed, null, 2)}\n`);
console.log(`${least} bytes`);
