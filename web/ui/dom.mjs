// Crear elementos: h("button.clase", { onclick }, "texto", otro) y lo mismo en SVG con s().

function build(create, tag, props, children) {
  const [name, ...classes] = tag.split(".");
  const element = create(name);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

/**
 * Añade hijos: textos, elementos o piezas que llevan el suyo en `el`, sueltos o en listas; lo vacío no
 * cuenta.
 */
export function append(element, children) {
  const some = children.flat().filter((child) => child != null && child !== false && child !== "");
  element.append(...some.map((child) => child.el ?? child));
}

export const h = (tag, props, ...children) =>
  build((name) => document.createElement(name), tag, props, children);
export const s = (tag, props, ...children) =>
  build((name) => document.createElementNS("http://www.w3.org/2000/svg", name), tag, props, children);

/** Cambia atributos solo si hace falta: en un arrastre casi todos siguen igual. */
export function update(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
}

/** Cambia el texto solo si es otro. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Deja en `parent` exactamente `wanted` hijos: crea los que faltan y quita los que sobran. */
export function resize(parent, wanted, make) {
  while (parent.childNodes.length > wanted) parent.lastChild.remove();
  while (parent.childNodes.length < wanted) parent.append(make());
  return parent.childNodes;
}
