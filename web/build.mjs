// Construye el paquete de figuras y el anfitrión: node web/build.mjs CARPETA
import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

const minifiedCss = {
  name: "css-como-texto",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

await build({
  entryPoints: ["web/figures.mjs", "web/host.mjs"],
  outdir: process.argv[2],
  outExtension: { ".js": ".mjs" },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  external: ["./figures.mjs"],
  plugins: [minifiedCss],
  logLevel: "warning",
});
