"""COCO: cargarlo, leer sus anotaciones y sus máscaras, y comprobar un documento."""
