"""Ortografía: un diccionario español y la lista de palabras del curso (``tests/palabras.txt``)."""

import gc
import re
import warnings
from pathlib import Path

import pytest
import yaml

from tests.conftest import missing

ROOT = Path(__file__).resolve().parents[1]
DICTIONARIES = [Path("/usr/share/hunspell/es_ES"), Path("/usr/share/myspell/dicts/es_ES")]
WORD_LIST = ROOT / "tests" / "palabras.txt"
TEXTS = sorted(
    path
    for pattern in ("chapters/src/*.md", "appendix/*.md", "*.md", "course_utils/exercises/*/*.yaml")
    for path in ROOT.glob(pattern)
    if path.name != "referencias.md"  # casi todo nombres propios y títulos en otras lenguas
)
# Lo que no es prosa: código, fórmulas, direcciones, HTML, directivas, nombres de archivo y lo que va en
# cursiva (otras lenguas).
NOT_PROSE = [
    re.compile(pattern, re.DOTALL | re.MULTILINE)
    for pattern in (
        r"\A---\n.*?\n---\n",
        r"```.*?```",
        r"<(script|style|svg)\b.*?</\1>",
        r"<[^>]*>",
        r"\$\$.*?\$\$",
        r"\$[^$\n]*\$",
        r"`[^`\n]*`",
        r"^:::+.*?\{.*?\}",
        r"^:[\w-]+:.*$",
        r"https?://\S+",
        r"\]\([^)]*\)",
        r"\{[^}\n]*\}",
        r"(?<!\*)\*(?![*\s])[^*]+\*(?!\*)",
        r"\S+@\S+|[\w./-]+\.(?:py|md|ipynb|json|ya?ml|txt|mjs|npz|gz|cff|toml)\b|\b\w*_\w+\b",
    )
]
NOT_PROSE_KEYS = {"id", "kind", "level", "code", "answer", "value"}
WORD = re.compile(r"[^\W\d_⁰¹²³⁴-⁹]+(?:-[^\W\d_⁰¹²³⁴-⁹]+)*")
PRONOUNS = re.compile(r"(?:me|te|se|nos|los?|las?|les?){1,2}$")


@pytest.fixture(scope="module")
def known():
    """Función que dice si una palabra está bien escrita."""
    from spylls.hunspell import Dictionary

    base = next((path for path in DICTIONARIES if path.with_suffix(".dic").is_file()), None)
    if base is None:
        missing("no hay diccionario español: instálalo (apt install hunspell-es) para revisar la ortografía")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # spylls no cierra los archivos que lee
        dictionary = Dictionary.from_files(str(base))
        gc.collect()
    own = set(WORD_LIST.read_text(encoding="utf-8").split())
    cache = {}

    def is_known(word: str) -> bool:
        if word not in cache:
            cache[word] = word in own or word.lower() in own or dictionary.lookup(word) or _with_pronoun(word)
        return cache[word]

    def _with_pronoun(word: str) -> bool:
        # «desplázalo»: el verbo sin el pronombre («desplaza») sí está
        stem = PRONOUNS.sub("", word.lower())
        plain = stem.translate(str.maketrans("áéíóú", "aeiou"))
        return (
            stem != word.lower() and len(stem) > 2 and (dictionary.lookup(stem) or dictionary.lookup(plain))
        )

    return is_known


def prose(text: str) -> str:
    for pattern in NOT_PROSE:
        text = pattern.sub(" ", text)
    return text


def strings(value):
    """Textos de un YAML, sin sus claves ni lo que es código o una palabra clave."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in NOT_PROSE_KEYS:
                yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_word_is_in_the_dictionary_or_in_the_list(path, known):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        text = "\n\n".join(strings(yaml.safe_load(text)))
    unknown = sorted({word for word in WORD.findall(prose(text)) if len(word) > 1 and not known(word)})
    assert not unknown, (
        f"palabras desconocidas: {' '.join(unknown)}\n"
        "Corrígelas o, si están bien, añádelas a tests/palabras.txt."
    )


def test_a_misspelt_word_is_found(known):
    assert not known("convolusión")
    assert not known("automóbil")
    assert known("automóvil")
    assert known("desplázalo")


def test_the_word_list_is_sorted_without_repetitions():
    words = WORD_LIST.read_text(encoding="utf-8").split()
    assert words == sorted(set(words)), "ordena tests/palabras.txt y quita las repetidas"
