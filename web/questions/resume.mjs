// En la Portada, a quien ya ha contestado algo: el capítulo donde lo dejó, delante de «Empezar a leer».

/** Añade el enlace a `place`; el del capítulo se toma del índice de la página. */
export function offerToResume(place, memory) {
  const chapter = memory.last()?.slice(0, 2);
  const there = chapter && document.querySelector(`nav a[href*="chapters/${chapter}_"]`);
  if (!there) return;
  const link = document.createElement("a");
  link.className = place.querySelector("a")?.className ?? "";
  link.href = there.href;
  link.textContent = `Seguir donde lo dejaste: capítulo ${Number(chapter)}`;
  place.prepend(link);
}
