// Construye el paquete de figuras y el anfitrión: node web/build.mjs CARPETA
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build, transform } from "esbuild";
import { minify } from "terser";

const common = { bundle: true, write: false, target: "es2022", charset: "utf8", logLevel: "warning" };

/** esbuild junta los módulos; terser los encoge más que él, y los nombres que pone se comprimen mejor. */
async function bundled(options) {
  const { outputFiles } = await build({ ...common, ...options });
  const { code } = await minify(outputFiles[0].text, {
    module: true,
    ecma: 2022,
    compress: { passes: 2, inline: 1 },
  });
  return code;
}

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
      return { contents: await bundled({ entryPoints: [path], format: "iife" }), loader: "text" };
    });
  },
};

for (const entry of ["web/figures.mjs", "web/host.mjs"]) {
  const code = await bundled({
    entryPoints: [entry],
    format: "esm",
    external: ["./figures.mjs"],
    plugins: [minifiedCss, workerAsText],
  });
  await writeFile(join(process.argv[2], basename(entry)), `${code}\n`);
}
