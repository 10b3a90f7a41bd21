"""Datos que dibuja el curso: prendas, objetos, escenas, formas y caras."""
