"""Fichas: ejercicios para hacer con lápiz, con números nuevos en cada semilla, y sus soluciones."""
