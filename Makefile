# Curso «Redes convolucionales». `make` o `make help` enseña las órdenes.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# El primer Python que sirve; si ninguno sirve, python3, para que check_python.py diga por qué. Ese es un guion suelto
# porque se ejecuta antes de que haya entorno y lo lee cualquier Python.
PYTHON ?= $(shell for v in python3 python3.13 python3.12 python3.11; do \
  $$v tools/check_python.py >/dev/null 2>&1 && echo $$v && exit; done; echo python3)
VENV := .venv
PY := $(VENV)/bin/python
HTML := _build/html
PORT ?= 8000

.PHONY: help
help: ## Esta lista
	@awk -F ':.*## ' '/^##@/{printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z][a-z-]*:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Preparar
# Un solo entorno, en .venv; una marca por conjunto de requisitos instalado.
.PHONY: entorno entorno-libro
entorno: $(VENV)/.completo ## Crea o actualiza el entorno completo
entorno-libro: $(if $(wildcard $(VENV)/.completo),$(VENV)/.completo,$(VENV)/.libro)

$(VENV)/.python:
	@command -v "$(PYTHON)" >/dev/null || { echo "No se encuentra $(PYTHON): instala Python 3.11, 3.12 o 3.13."; exit 1; }
	@"$(PYTHON)" tools/check_python.py
	@"$(PYTHON)" -m venv --clear $(VENV) || { rm -rf $(VENV); \
	  echo "No se pudo crear $(VENV) con $(PYTHON). En Debian y Ubuntu falta un paquete: sudo apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.libro: requirements-libro.txt pyproject.toml | $(VENV)/.python
	@$(call instalar,requirements-libro.txt)
	@touch $@

$(VENV)/.completo: requirements.txt pyproject.toml | $(VENV)/.python
	@$(call instalar,requirements.txt)
	@$(PY) -m tools.open_chapters --solo-ajustes
	@touch $@ $(VENV)/.libro

define instalar
echo "Instalando $(1) en $(VENV) (la primera vez tarda uno o dos minutos)…"; \
$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef

##@ Leer
.PHONY: libro ver zip pdf cuadernos entrega ficha
libro: entorno-libro ## Construye el sitio en _build/html
	@$(PY) -m tools.book

ver: entorno-libro ## Enseña el sitio construido en http://127.0.0.1:8000; otro puerto: PORT=…
	@$(PY) -m tools.serve $(PORT)

zip: libro ## Edición sin conexión: un zip que se abre con doble clic, sin servidor
	@$(PY) -m tools.offline

pdf: entorno libro ## El libro y cada capítulo en PDF, en _build/pdf; solo uno: C=06 (necesita Chromium)
	@$(PY) -m tools.pdf $(C)

entrega: zip pdf ## Lo que se publica en cada versión, con sus sumas; con una etiqueta: ETIQUETA=v0.1.0
	@$(PY) -m tools.release $(if $(ETIQUETA),--etiqueta $(ETIQUETA))

cuadernos: entorno ## Abre los capítulos en JupyterLab, en español
	@$(PY) -m tools.open_chapters

ficha: entorno ## Hoja de ejercicios y sus soluciones, en PDF: SEMILLA=7 CAPITULO=03 (de 00, 03, 04, 05, 08, 09 u 11)
	@$(PY) -m tools.worksheets -- '$(subst ','\'',$(value CAPITULO))' '$(subst ','\'',$(value SEMILLA))'

##@ Probar (lo que queda de un fallo está en _build/fallos)
# Un hilo por proceso: hay dos procesos de pruebas y, en las máquinas de CI, dos núcleos. El orden es el de conftest.py.
PYTEST := OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --junitxml=_build/fallos/pytest.xml

.PHONY: test test-rapidas test-capitulos test-sin-datos ensayo estilo
test: entorno libro estilo ## Todas las pruebas: código, figuras, sitio, capítulos con datos y sin ellos
	@rm -rf _build/fallos
	$(PYTEST) --durations=10
	$(PY) -m tools.validate_chapters
	$(PY) -m tools.validate_chapters --without-data

test-rapidas: entorno ## Las pruebas del código, sin sitio ni capítulos
	$(PYTEST) -m "not site"

test-capitulos: entorno ## Ejecuta los capítulos y compara sus salidas (nbval)
	$(PY) -m tools.validate_chapters

test-sin-datos: entorno ## Ejecuta los capítulos con datos sustitutos y sin red
	$(PY) -m tools.validate_chapters --without-data

ensayo: entorno ## Ejecuta cada celda dos veces seguidas, sin datos ni red (larga)
	$(PY) -m tools.validate_chapters --twice

estilo: entorno ## Formato y errores comunes en Python y en web/, y que texto y cuaderno concuerden
	$(PY) -m ruff check --quiet
	$(PY) -m ruff format --quiet --check
	$(PY) -m tools.web_style
	$(PY) -m tools.chapters check

##@ Escribir
.PHONY: nuevo capitulos ejercicios figuras
nuevo: entorno ## Empieza un capítulo, que es un borrador: C=12_deteccion
	@$(PY) -m tools.chapters new "$(C)"

capitulos: entorno ## Escribe los cuadernos; ejecuta los de código cambiado; uno: C=06; a la fuerza: FORZAR=1
	@$(PY) -m tools.chapters build $(if $(FORZAR),--forzar) $(C)

ejercicios: entorno ## Escribe Repaso, Soluciones, la guía docente y, si cambió, el guion de las preguntas (npm)
	$(PY) -m tools.exercise_pages

figuras: entorno ## Construye las figuras interactivas (necesita npm)
	$(PY) -m tools.figures

##@ Medir
.PHONY: experimentos bench-modelos bench-receta bench-segmentacion red red-unet bench bench-figuras bench-pagina bench-ejercicios bench-sitio
experimentos: entorno ## Repite los experimentos que no están al día; uno: NOMBRE=…; ACEPTAR=… MOTIVO="…"
	TF_ENABLE_ONEDNN_OPTS=1 TF_CPP_MIN_LOG_LEVEL=3 $(PY) -m tools.experiments $(NOMBRE) $(if $(ACEPTAR),--aceptar $(ACEPTAR) --motivo '$(subst ','\'',$(value MOTIVO))')

bench-modelos: entorno ## Entrena las redes del capítulo 6, todas en la misma ejecución (hora y media)
	TF_ENABLE_ONEDNN_OPTS=1 TF_CPP_MIN_LOG_LEVEL=3 $(PY) -m tools.experiments reference_models

bench-receta: entorno ## Prueba variantes de la receta larga; algunas, con varias semillas: VARIANTES="con_mixup larga --semillas 5"
	TF_ENABLE_ONEDNN_OPTS=1 TF_CPP_MIN_LOG_LEVEL=3 $(PY) -m tools.bench_recipe $(VARIANTES)

bench-segmentacion: entorno ## Entrena las redes de los capítulos 8 y 9 con tres semillas y escribe la tabla (25 minutos)
	TF_ENABLE_ONEDNN_OPTS=1 TF_CPP_MIN_LOG_LEVEL=3 $(PY) -m tools.bench_segmentation

red: entorno ## Entrena las redes del capítulo 6 que se ejecutan en la página
	$(PY) -m tools.web_networks

red-unet: entorno ## Entrena y exporta la U-Net que segmenta y cuenta en la página
	OMP_NUM_THREADS=1 TF_CPP_MIN_LOG_LEVEL=3 $(PY) -m tools.web_unet

bench: entorno ## Tiempos de la convolución y el pooling de referencia
	$(PY) -m tools.bench_convolution

bench-figuras: entorno libro ## Tamaño y rapidez de las figuras en Chromium
	$(PY) -m tools.bench_figures

bench-pagina: entorno ## Rapidez de las redes en la página, junto a TensorFlow.js (necesita npm)
	$(PY) -m tools.bench_page

bench-ejercicios: entorno ## Cuánto tarda en corregirse un ejercicio
	$(PY) -m tools.bench_exercises

bench-sitio: entorno ## Cuánto cuesta construir el sitio según crece; otras copias: COPIAS="1 40"
	@$(PY) -m tools.bench_site $(COPIAS)

##@ Mantener
.PHONY: colab enlaces estado capturas auditoria vendor repo requisitos
colab: entorno ## Ejecuta cada capítulo como Colab: solo y con sus versiones; uno: C=06
	$(PY) -m tools.colab $(C)

enlaces: entorno-libro ## Comprueba los enlaces del libro a otros sitios (necesita red)
	@$(PY) -m tools.links

estado: entorno ## Pone al día la página «Estado» con lo que apuntó «make test-capitulos»
	@$(PY) -m tools.status

capturas: entorno libro ## Fotos de todas las páginas en _build/capturas, y la del README
	@$(PY) -m tools.screenshots

auditoria: entorno libro ## Lighthouse en cada página, móvil y ordenador (necesita npm y red)
	@$(PY) -m tools.lighthouse $(PAGINAS)

vendor: entorno ## Renueva assets/vendor: fuentes, iconos, estilo de KaTeX y prendas (necesita npm)
	@$(PY) -m tools.vendor

repo: entorno ## Cambia la dirección del repositorio en todas partes: URL=https://github.com/…
	@$(PY) -m tools.repo_url "$(URL)"

requisitos: ## Fija de nuevo las versiones exactas a partir de pyproject.toml (necesita uv)
	@command -v uv >/dev/null || { echo "No se encuentra uv: instálalo (pip install uv) y repite."; exit 1; }
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	  --custom-compile-command "make requisitos" --all-extras pyproject.toml --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command "make requisitos" --extra libro --constraint requirements.txt pyproject.toml \
	  --output-file requirements-libro.txt
