Documentation.addTranslations({
  locale: "es",
  plural_expr: "n == 1 ? 0 : 1",
  messages: {
    ", in ": ", en ",
    "Hide Search Matches": "Quitar el resaltado de la búsqueda",
    "Preparing search...": "Preparando la búsqueda…",
    "Search Results": "Resultados",
    "Searching": "Buscando",
    "Search finished, found ${resultCount} page(s) matching the search query.":
      "Páginas encontradas: ${resultCount}.",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
      "No hay ninguna página con todas esas palabras. Prueba con menos palabras o con otra forma.",
  },
});
