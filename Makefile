# Curso «Redes convolucionales». `make` o `make help` enseña las órdenes.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# El primer Python que sirve; si ninguno sirve, python3, para que check_python.py diga por qué.
PYTHON ?= $(shell for v in python3 python3.13 python3.12 python3.11; do \
  $$v tools/check_python.py >/dev/null 2>&1 && echo $$v && exit; done; echo python3)
VENV := .venv
PY := $(VENV)/bin/python
HTML := _build/html
PORT ?= 8000

.PHONY: help
help: ## Esta lista
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## /{printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- Entornos: uno solo, en .venv; una marca por conjunto de requisitos instalado -------------------
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
	@touch $@ $(VENV)/.libro

define instalar
echo "Instalando $(1) en $(VENV) (la primera vez tarda uno o dos minutos)…"; \
$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef

# --- El sitio --------------------------------------------------------------------------------------
.PHONY: libro ver zip
libro: entorno-libro ## Construye el sitio en _build/html
	@$(PY) -m tools.book

ver: entorno-libro ## Enseña el sitio construido en http://127.0.0.1:8000; otro puerto: PORT=…
	@$(PY) -m tools.serve $(PORT)

zip: libro ## Edición sin conexión: un zip que se abre con doble clic, sin servidor
	@$(PY) -m tools.offline

# --- Pruebas: make test las pasa todas -------------------------------------------------------------
# Un hilo por proceso: hay dos procesos de pruebas y, en las máquinas de CI, dos núcleos.
PYTEST := OMP_NUM_THREADS=1 $(PY) -m pytest

.PHONY: test test-rapidas test-capitulos test-sin-datos estilo
test: entorno libro estilo ## Todas las pruebas: código, figuras, sitio, capítulos con datos y sin ellos
	$(PYTEST) -n 2 --dist loadfile --durations=10
	$(PY) tools/validate_chapters.py
	$(PY) tools/validate_chapters.py --without-data

test-rapidas: entorno ## Las pruebas del código, sin sitio ni capítulos
	$(PYTEST) -n 2 --dist loadfile -m "not site"

test-capitulos: entorno ## Ejecuta los capítulos y compara sus salidas (nbval)
	$(PY) tools/validate_chapters.py

test-sin-datos: entorno ## Ejecuta los capítulos con datos sustitutos y sin red
	$(PY) tools/validate_chapters.py --without-data

estilo: entorno ## Formato y errores comunes (ruff), y que texto y cuaderno concuerden
	$(PY) -m ruff check --quiet
	$(PY) -m ruff format --quiet --check
	$(PY) tools/chapters.py check

# --- Quien mantiene el curso ----------------------------------------------------------------------
.PHONY: capitulos experimentos requisitos colab bench bench-figuras bench-ejercicios bench-modelos \
  bench-segmentacion red figuras ejercicios
capitulos: entorno ## Ejecuta los capítulos y escribe sus cuadernos; uno solo: C=06
	$(PY) tools/chapters.py build $(C)

experimentos: entorno ## Repite los experimentos largos; uno solo: NOMBRE=…
	$(PY) -m tools.experiments $(NOMBRE)

figuras: entorno ## Construye las figuras interactivas (necesita npm)
	$(PY) tools/figures.py

ejercicios: entorno ## Construye el guion de las preguntas, Repaso, Soluciones y la guía docente (necesita npm)
	$(PY) tools/exercise_pages.py

bench: entorno ## Tiempos de la convolución y el pooling de referencia
	$(PY) tools/bench_convolution.py

bench-modelos: entorno ## Entrena las redes del capítulo 6, todas en la misma ejecución (una hora)
	TF_ENABLE_ONEDNN_OPTS=1 TF_CPP_MIN_LOG_LEVEL=3 $(PY) -m tools.experiments reference_models

bench-segmentacion: entorno ## Entrena las redes de los capítulos 8 y 9 con tres semillas y escribe la tabla (25 minutos)
	TF_ENABLE_ONEDNN_OPTS=1 TF_CPP_MIN_LOG_LEVEL=3 $(PY) -m tools.bench_segmentation

red: entorno ## Entrena y guarda la red pequeña que lee la página
	$(PY) -m tools.export_network

bench-figuras: entorno libro ## Tamaño y rapidez de las figuras en Chromium
	$(PY) tools/bench_figures.py

bench-ejercicios: entorno ## Cuánto tarda en corregirse un ejercicio
	$(PY) tools/bench_exercises.py

colab: entorno ## Ejecuta cada capítulo como Colab: solo y con sus versiones; uno: C=06
	$(PY) tools/colab.py $(C)

.PHONY: repo vendor capturas auditoria
repo: entorno ## Cambia la dirección del repositorio en todas partes: URL=https://github.com/…
	@$(PY) -m tools.repo_url "$(URL)"

vendor: entorno ## Renueva assets/vendor: fuentes, iconos y la hoja de estilo de KaTeX (necesita npm)
	@$(PY) -m tools.vendor

capturas: entorno libro ## Fotos de todas las páginas en _build/capturas, y la del README
	@$(PY) -m tools.screenshots

auditoria: entorno libro ## Lighthouse en cada página, móvil y ordenador (necesita npm y red)
	@$(PY) -m tools.lighthouse $(PAGINAS)

requisitos: ## Fija de nuevo las versiones exactas a partir de pyproject.toml (necesita uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	  --custom-compile-command "make requisitos" --all-extras pyproject.toml --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command "make requisitos" --extra libro --constraint requirements.txt pyproject.toml \
	  --output-file requirements-libro.txt
