// Abre las partes plegadas («Para profundizar») cuando se llega a algo de dentro, y todas mientras se imprime.
(() => {
  const openAround = (element) => {
    for (let fold = element?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const own = target.querySelector(":scope > details.deeper"); // el enlace al título también lo abre
    if (own) own.open = true;
    openAround(target);
    target.scrollIntoView();
  };
  addEventListener("hashchange", openTarget);
  addEventListener("load", () => {
    openTarget();
    setTimeout(() => { // las palabras buscadas, que Sphinx marca un poco después
      for (const found of document.querySelectorAll(".highlighted")) openAround(found);
    }, 200);
  });

  let printed = [];
  addEventListener("beforeprint", () => {
    printed = [...document.querySelectorAll("details.deeper:not([open])")];
    for (const fold of printed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of printed) fold.open = false;
  });
})();
