// Junta páginas del sitio en el documento abierto, listo para imprimir. Lo llama tools/pdf.py en una página vacía.
//
// settings: pages (nombres, en orden), book (¿lleva Portada e índice?), answers (páginas de respuestas), chapter (su
// número, si no es el libro), published (dirección del sitio) y notes (pie de la Portada). Devuelve los
// títulos, en orden, y las direcciones de las imágenes que no se pueden ver.
async (settings) => {
  const HOME = "intro.html";
  const here = `${location.origin}/`;
  const nameOf = (url) => url.pathname.slice(1).replace(/^(index\.html)?$/, HOME);
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const titleOf = (heading) => {
    const copy = heading.cloneNode(true);
    for (const hidden of copy.querySelectorAll(".katex-mathml")) hidden.remove(); // la fórmula, una sola vez
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  // Un identificador vale en todo el documento si lleva delante el nombre de su página.
  const REFERENCES = ["for", "headers", "aria-labelledby", "aria-describedby"];
  const rename = (element, name) => {
    for (const { name: key, value } of [...element.attributes]) {
      if (key === "id") element.id = `${name}:${value}`;
      else if (REFERENCES.includes(key))
        element.setAttribute(
          key,
          value.replace(/\S+/g, (id) => `${name}:${id}`),
        );
      else if (value.includes("url(#")) element.setAttribute(key, value.replaceAll("url(#", `url(#${name}:`));
    }
    for (const key of ["src", "href", "xlink:href"]) {
      const value = element.getAttribute(key);
      if (value?.startsWith("#")) element.setAttribute(key, `#${name}:${value.slice(1)}`);
      else if (value !== null) element.setAttribute(key, new URL(value, here + name));
    }
  };

  // Lo que en papel no sirve, fuera; lo plegado, abierto. El código de una celda plegada solo se lee si hace falta
  // para las siguientes: ni el que prepara el cuaderno ni el que dibuja la salida que tiene debajo.
  const clean = (article) => {
    const useless = [
      ".headerlink, script, template, .site-start, .course-gallery",
      "section section:has(> .toctree-wrapper), .toctree-wrapper",
      ".bd-article > section > .tag_hide-input > details.hide",
      ".cell:has(.cell_output) > details.hide.above-input",
    ];
    for (const element of article.querySelectorAll(useless.join())) element.remove();
    for (const fold of article.querySelectorAll("details")) fold.open = true;
    for (const picture of article.querySelectorAll("img")) picture.removeAttribute("loading");
  };

  const read = async (name) => {
    const page = new DOMParser().parseFromString(await (await fetch(here + name)).text(), "text/html");
    const article = document.adoptNode(page.querySelector("article.bd-article"));
    clean(article);
    const deep = settings.pages.some((other) => name.startsWith(other.replace(/\.html$/, "/")));
    const answers = settings.answers.includes(name);
    const levels = settings.book ? (name !== HOME) + deep : Number(answers);
    for (const heading of article.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
      heading.ariaLevel = Math.min(6, Number(heading.tagName[1]) + levels);
    }
    for (const element of article.querySelectorAll("*")) rename(element, name);
    article.id = name;
    if (answers) article.classList.add("print-answers");
    return { name, page, article, deep };
  };

  const cover = ({ article }) => {
    const top = article.querySelector("section");
    const first = [...top.children].filter((child) => child.tagName !== "SECTION");
    top.querySelector("h1").ariaLevel = 1;
    const notes = settings.notes.map((text) => make("p", { className: "print-note", innerHTML: text }));
    return make("article", { className: "bd-article print-cover" }, ...first, ...notes);
  };

  // Una línea del índice; el número de página lo escribe después tools/pdf.py.
  const entry = (heading, target, ...below) => {
    const place = make("span", { className: "print-page" }, "000");
    place.dataset.target = target;
    const link = make(
      "a",
      { href: `${here}${target.replace(":", "#")}` },
      make("span", {}, titleOf(heading)),
      place,
    );
    return make("li", {}, link, ...(below.length ? [make("ul", {}, ...below)] : []));
  };
  const contents = ([home, ...rest]) => {
    const starts = new Map();
    for (const caption of home.page.querySelectorAll(".bd-docs-nav .caption")) {
      const link = caption.nextElementSibling.querySelector("a");
      starts.set(nameOf(new URL(link.getAttribute("href"), here + home.name)), caption.textContent);
    }
    const title = make("h2", { id: "indice" }, "Índice");
    title.ariaLevel = 2;
    const box = make("article", { className: "bd-article print-contents" }, title);
    for (const { name, article, deep } of rest) {
      if (starts.has(name)) box.append(make("p", { className: "print-part" }, starts.get(name)));
      const sections = deep ? [] : [...article.querySelectorAll("section > h2")];
      const below = sections.map((heading) => entry(heading, heading.parentElement.id));
      const line = entry(article.querySelector("h1"), name, ...below);
      if (box.lastElementChild.tagName !== "UL") box.append(make("ul"));
      (deep ? box.lastElementChild.lastElementChild : box.lastElementChild).append(
        deep ? make("ul", {}, line) : line,
      );
    }
    return box;
  };

  // Cada página empieza en una hoja y lleva su título arriba.
  const style = make("style");
  const head = ({ article }, index) => {
    article.style.page = `hoja-${index}`;
    const text = JSON.stringify(titleOf(article.querySelector("h1")));
    style.append(`@page hoja-${index} { @top-left { content: ${text} } }\n`);
  };

  const sources = [];
  for (const name of settings.pages) sources.push(await read(name));
  sources.slice(Number(settings.book)).forEach(head);
  document.head.append(style);
  if (settings.book) document.body.append(cover(sources[0]), contents(sources));
  document.body.append(...sources.map(({ article }) => article));
  for (const name of settings.chapter ? settings.answers : []) {
    const { article } = await read(name);
    article.style.page = "hoja-0";
    document.body.append(article);
  }

  // Un enlace a lo que está en el documento lleva allí; los demás, a la página publicada.
  for (const link of document.querySelectorAll("a[href]")) {
    const url = new URL(link.href);
    if (`${url.origin}/` !== here) continue;
    const fragment = decodeURIComponent(url.hash.slice(1));
    const own = link.getAttribute("href").startsWith("#");
    const id = own ? fragment : [nameOf(url), fragment].filter(Boolean).join(":");
    link.href = document.getElementById(id) ? `#${id}` : settings.published + id.replace(":", "#");
  }

  await document.fonts.ready;
  const pictures = [...document.images];
  const seen = await Promise.allSettled(pictures.map((picture) => picture.decode()));
  return {
    headings: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(titleOf),
    broken: pictures
      .filter((_, index) => seen[index].status === "rejected")
      .map((picture) => picture.src.slice(here.length)),
  };
};
