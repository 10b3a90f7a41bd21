// Construye el paquete de figuras y el anfitrión: node web/build.mjs CARPETA
import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

const common = { bundle: true, minify: true, target: "es2022", charset: "utf8", logLevel: "warning" };

const minifiedCss = {
  name: "css-como-texto",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

/** Un Worker va dentro del paquete: un cuaderno que aísla sus resultados no puede pedir otro archivo. */
const workerAsText = {
  name: "worker-como-texto",
  setup({ onLoad }) {
    onLoad({ filter: /worker\.mjs$/ }, async ({ path }) => {
      const { outputFiles } = await build({ ...common, entryPoints: [path], format: "iife", write: false });
      return { contents: outputFiles[0].text, loader: "text" };
    });
  },
};

await build({
  ...common,
  entryPoints: ["web/figures.mjs", "web/host.mjs"],
  outdir: process.argv[2],
  outExtension: { ".js": ".mjs" },
  format: "esm",
  external: ["./figures.mjs"],
  plugins: [minifiedCss, workerAsText],
});
