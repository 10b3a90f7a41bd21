// El veredicto de un reto en una línea: el nombre de su frase, que está en Python, y lo que va en sus huecos.
export const said = ({ reason, values = {} }) => [reason, ...Object.values(values)].join(" ");
