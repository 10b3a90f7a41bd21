// Construye el paquete de figuras y el anfitrión: node web/build.mjs CARPETA
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { minify } from "terser";
import { minifiedCss } from "./css.mjs";

/**
 * Las funciones de un módulo, como flechas: se comprimen mejor. Ya no valen antes de su sitio: ninguna
 * se puede usar más arriba mientras se carga el paquete; si se hace, no carga y lo dicen las pruebas.
 */
const withArrows = (code) =>
  code.replace(/^(async )?function (\w+)(\(.*\)) \{\n([\s\S]*?)^\}$/gm, "var $2 = $1$3 => {\n$4};");

/** esbuild junta los módulos; terser los encoge más que él, y los nombres que pone se comprimen mejor. */
async function bundle(name, entry, wrap = (code) => code) {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: "web" },
    bundle: true,
    write: false,
    format: "esm",
    minifySyntax: true,
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
    plugins: [minifiedCss],
  });
  const { code } = await minify(wrap(withArrows(outputFiles[0].text)), {
    module: true,
    ecma: 2022,
    compress: { passes: 2, inline: 1, reduce_funcs: false, pure_getters: true },
  });
  await writeFile(join(process.argv[2], name), `${code}\n`);
}

/**
 * El paquete, dentro de la función «course»: su texto es el de un Worker que no pide otro archivo, porque un
 * cuaderno que aísla sus resultados no lo daría.
 */
function insideFunction(code) {
  const [body, figures] = code.split(/export \{\s*(\w+) as default\s*\};\s*$/);
  return `const course = () => {${body}return ${figures}};export default course();`;
}

// con los módulos por este orden, el paquete se comprime mejor: lo busca web/order.mjs
const order = JSON.parse(await readFile("web/order.json", "utf8"));
const imports = order.map((path) => `import "./${path}";`).join("");
await bundle("figures.mjs", `${imports}export { default } from "./figures.mjs";`, insideFunction);
await bundle("host.mjs", 'export * from "./host.mjs";');
