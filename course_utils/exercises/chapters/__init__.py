"""Los ejercicios de cada capítulo."""
