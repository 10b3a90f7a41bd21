"""Los ejercicios de cada capítulo con ficha: un módulo por capítulo, con sus dos columnas."""
