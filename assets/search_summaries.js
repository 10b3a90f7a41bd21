// El resumen de cada resultado de la búsqueda. El texto de cada página está aparte, en un guion
// (_ext/search_texts.py): así pesa poco y también se lee desde un disco. Se pide cuando el resultado se acerca a
// la pantalla, y el enlace lleva al apartado donde está lo buscado.
(() => {
  const AROUND = 120; // caracteres que se enseñan antes y después
  const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
  const asked = {};
  const arrived = {};

  // Lo llama el guion de cada página: sus apartados, [ancla, texto].
  globalThis.courseText = (page, sections) => arrived[page](sections);

  const near = (item) =>
    new Promise((done) => {
      const observer = new IntersectionObserver(
        (seen) => {
          if (!seen.some((entry) => entry.isIntersecting)) return;
          observer.disconnect();
          done();
        },
        { rootMargin: "200px" },
      );
      observer.observe(item);
    });

  const sectionsOf = (page) => {
    asked[page] ??= new Promise((done) => {
      arrived[page] = done;
      const script = document.createElement("script");
      script.src = `${document.documentElement.dataset.content_root}_static/texts/${page}.js`;
      script.onerror = () => done([]); // sin resumen, el resultado sigue valiendo
      document.head.append(script);
    });
    return asked[page];
  };

  const stems = new Map(); // la raíz de cada palabra, que se busca una vez
  const stemmer = new Stemmer();
  const stem = (word) => {
    if (!stems.has(word)) stems.set(word, stemmer.stemWord(word.toLowerCase()));
    return stems.get(word);
  };

  const wordsOf = (text) =>
    [...text.matchAll(WORD)].map(({ 0: word, index }) => ({ root: stem(word), start: index, end: index + word.length }));

  // En cada apartado, dónde están las palabras buscadas. Una se reconoce por su raíz; la que no está en la página
  // se busca dentro de otras, como hace Sphinx.
  const findIn = (sections, terms) => {
    const read = sections.map(([id, text]) => ({ id, text, words: wordsOf(text) }));
    const roots = new Set(read.flatMap(({ words }) => words.map(({ root }) => root)));
    const termOf = (root) => terms.find((term) => (roots.has(term) ? root === term : root.includes(term)));
    return read.map(({ id, text, words }) => {
      const places = words.map((word) => ({ ...word, term: termOf(word.root) })).filter(({ term }) => term);
      return { id, text, places };
    });
  };

  const different = (places) => new Set(places.map(({ term }) => term)).size;

  const excerpt = (text, places) => {
    const first = places[0]?.start ?? 0;
    const from = first > AROUND ? text.indexOf(" ", first - AROUND) + 1 : 0;
    const last = text.lastIndexOf(" ", first + AROUND);
    const to = first + AROUND < text.length && last > first ? last : text.length;
    const summary = document.createElement("p");
    summary.className = "context";
    let at = from;
    for (const { start, end } of places.filter((place) => place.end <= to)) {
      const mark = document.createElement("span");
      mark.className = "highlighted";
      mark.textContent = text.slice(start, end);
      summary.append(text.slice(at, start), mark);
      at = end;
    }
    summary.prepend(from > 0 ? "… " : "");
    summary.append(text.slice(at, to), to < text.length ? " …" : "");
    return summary;
  };

  // Lo llama searchtools.js con cada resultado que no trae ya su descripción.
  Search.summarize = async (item, page, searched, anchor) => {
    await near(item);
    const sections = await sectionsOf(page);
    const own = sections.filter(([id]) => `#${id}` === anchor);
    const found = findIn(own.length ? own : sections, [...searched]);
    if (!found.length) return;
    const best = found.reduce((a, b) => (different(b.places) > different(a.places) ? b : a));
    item.append(excerpt(best.text, best.places));
    if (!anchor && best.id) item.querySelector("a").hash = best.id;
  };
})();
