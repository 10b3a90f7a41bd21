// La hoja de estilo, reducida y como texto: un complemento de esbuild.
import { readFile } from "node:fs/promises";
import { transform } from "esbuild";

export const minifiedCss = {
  name: "css-como-texto",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};
