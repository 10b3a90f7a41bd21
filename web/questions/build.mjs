// Construye el guion de las preguntas y el del repaso, que las trae: node web/questions/build.mjs CARPETA
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";

const folder = process.argv[2];
const { code: css } = await transform(await readFile("web/questions/questions.css", "utf8"), {
  loader: "css",
  minify: true,
});
await build({
  entryPoints: { questions: "web/questions/main.mjs", review: "web/questions/review.mjs" },
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  minify: true,
  format: "iife", // el mismo archivo vale como módulo de la página y como guion suelto de un cuaderno
  target: "es2022",
  charset: "utf8",
  define: { QUESTIONS_CSS: JSON.stringify(css.trim()) },
  logLevel: "warning",
});
await mkdir(folder, { recursive: true });
await writeFile(`${folder}/questions.css`, css);
