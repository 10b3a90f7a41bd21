"""De dónde salen los datos, qué se rechaza y qué se dice cuando faltan. Nada sale de esta máquina."""

import gzip
import hashlib
import io
import json
import tarfile
import tempfile
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp
from PIL import Image

from course_utils import datasets
from course_utils.datasets import cifar10, cifar10_files, fashion_mnist
from course_utils.datasets.__main__ import main
from course_utils.datasets.cifar10 import load_cifar10
from course_utils.datasets.coco import loading
from course_utils.datasets.coco.loading import load_coco
from course_utils.datasets.dataset import Dataset, first_images, split_validation
from course_utils.datasets.drawn.coco_scenes import draw_scenes
from course_utils.datasets.drawn.garments import draw_garments
from course_utils.datasets.drawn.objects import draw_objects
from course_utils.datasets.fashion_mnist import load_fashion_mnist
from course_utils.datasets.idx import read_idx
from course_utils.datasets.sources import used_fingerprints
from tests.https_server import cut

TITLES = {"fashion-mnist": "Fashion-MNIST", "cifar-10": "CIFAR-10", "coco": "COCO"}


def idx_bytes(array) -> bytes:
    """El formato IDX escrito aparte, según su descripción."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


# --- IDX -----------------------------------------------------------------------------------------------


@given(hnp.arrays(np.uint8, hnp.array_shapes(min_dims=1, max_dims=3, max_side=6)))
def test_idx_returns_what_was_written(array):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.gz")
        path.write_bytes(gzip.compress(idx_bytes(array)))
        np.testing.assert_array_equal(read_idx(path, array.ndim), array)


LABELS = idx_bytes(np.arange(5))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(content, message, id=fact)
        for fact, content, message in [
            ("short", gzip.compress(LABELS[:-1]), "está incompleto: su cabecera anuncia 5 valores"),
            ("half a header", gzip.compress(LABELS[:6]), "está incompleto"),
            ("long", gzip.compress(LABELS + b"\0"), "le sobran datos"),
            ("empty", gzip.compress(b""), "empieza por nada"),
            ("html", gzip.compress(b"<html></html>"), "empieza por 3c 68 74 6d"),
            (
                "axes",
                gzip.compress(idx_bytes(np.zeros((2, 2)))),
                "00 00 08 02 y debería empezar por 00 00 08 01",
            ),
            ("floats", gzip.compress(b"\0\0\x0d\1" + LABELS[4:]), "empieza por 00 00 0d 01"),
            ("huge", gzip.compress(b"\0\0\x08\1\xff\xff\xff\xff"), "anuncia 4294967295 bytes"),
            ("not compressed", LABELS, "está dañado o incompleto"),
            ("cut", gzip.compress(LABELS)[:-9], "está dañado o incompleto"),
            ("checksum", gzip.compress(LABELS)[:-8] + bytes(8), "está dañado o incompleto"),
            ("garbage", gzip.compress(LABELS)[:10] + b"\xff" * 20, "está dañado o incompleto"),
        ]
    ],
)
def test_idx_refuses_anything_else(tmp_path, content, message):
    path = tmp_path / "labels.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        read_idx(path, ndim=1)
    assert "labels.gz" in str(caught.value)


def test_idx_does_not_decompress_a_bomb(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(LABELS + bytes(50_000_000)))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="le sobran datos"):
            read_idx(path, ndim=1)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


# --- Dataset -------------------------------------------------------------------------------------------


def small(**changes) -> Dataset:
    values = {
        "name": "prueba",
        "x_train": np.arange(24 * 4, dtype=np.uint8).reshape(24, 2, 2, 1),
        "y_train": np.arange(24) % 3,
        "x_test": np.zeros((6, 2, 2, 1), np.uint8),
        "y_test": np.arange(6) % 3,
        "class_names": ("a", "b", "c"),
        "provenance": "",
        "licence": "",
        "is_stand_in": True,
    }
    return Dataset(**values | changes)


def test_fingerprint_changes_with_one_pixel_or_one_label():
    changed_pixel, changed_label = small().x_test.copy(), small().y_train.copy()
    changed_pixel[5, 1, 1, 0] += 1
    changed_label[0] += 1
    prints = {
        small().fingerprint,
        small(x_test=changed_pixel).fingerprint,
        small(y_train=changed_label).fingerprint,
    }
    assert len(prints) == 3
    assert small().fingerprint in prints
    assert all(len(value) == 16 and int(value, 16) for value in prints)


def test_dataset_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        small().x_train[0] = 0
    with pytest.raises(AttributeError):
        small().licence = "otra"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x_test": np.zeros((6, 2, 2), np.uint8)}, r"test tienen forma \(6, 2, 2\)"),
        ({"x_train": np.zeros((24, 2, 2, 1))}, "tipo float64"),
        ({"y_train": np.arange(23) % 3}, r"etiquetas forma \(23,\)"),
        ({"y_test": np.full(6, 3)}, "deben ir de 0 a 2"),
        ({"y_test": np.full(6, -1)}, "deben ir de 0 a 2"),
        ({"x_test": np.zeros((0, 2, 2, 1), np.uint8), "y_test": np.zeros(0, int)}, "deben ir de 0 a 2"),
    ],
)
def test_dataset_refuses_what_does_not_fit(change, message):
    with pytest.raises(ValueError, match=message):
        small(**change)


def test_validation_split_shares_out_each_image_once():
    data = small()
    (x_fit, y_fit), (x_val, y_val) = split_validation(data)
    firsts = np.concatenate([x_fit, x_val])[:, 0, 0, 0]  # 0, 4, 8…: distinto en cada imagen
    assert sorted(firsts.tolist()) == list(range(0, 96, 4))
    assert len(x_val) == 24 / 6
    assert x_val.max() > x_fit.min()  # no son las primeras ni las últimas
    assert x_val.min() < x_fit.max()
    np.testing.assert_array_equal(np.concatenate([y_fit, y_val]), firsts // 4 % 3)
    np.testing.assert_array_equal(split_validation(data)[1][0], x_val)


def test_validation_split_refuses_an_empty_part():
    with pytest.raises(ValueError, match="con 2 imágenes de entrenamiento no queda ninguna para validar"):
        split_validation(first_images(small(), train=2, test=1))


# --- Datos sustitutos ----------------------------------------------------------------------------------


STAND_INS = {"fashion-mnist": "bc5b57b9477e3e87", "cifar-10": "56b26c439cfe4eed", "coco": "a7a80d8fcacad5c6"}


@pytest.mark.parametrize("name", STAND_INS)
def test_stand_in_is_the_same_everywhere(name, capsys):
    data = datasets.LOADERS[name](stand_in=True)
    assert capsys.readouterr() == (stand_in_line(name), "")
    assert data.is_stand_in
    assert data.fingerprint == STAND_INS[name]
    assert used_fingerprints()[name] == f"stand-in:{data.fingerprint}"


@pytest.mark.parametrize("load", [load_fashion_mnist, load_cifar10])
def test_stand_in_has_the_shape_of_the_real_data(load):
    data = load(stand_in=True)
    assert (len(data.x_train), len(data.x_test)) == (1600, 400)
    assert len(set(data.class_names)) == 10
    assert np.bincount(np.concatenate([data.y_train, data.y_test])).tolist() == [200] * 10


@pytest.mark.parametrize("draw", [draw_garments, draw_objects])
def test_stand_in_depends_on_the_seed(draw):
    assert not np.array_equal(draw(20, seed=1)[0], draw(20, seed=2)[0])


def test_scenes_depend_on_the_seed():
    assert not np.array_equal(draw_scenes(1, seed=1)[1][1], draw_scenes(1, seed=2)[1][1])


@pytest.mark.parametrize("draw", [draw_garments, draw_objects])
@pytest.mark.parametrize("n", [0, -10, 15])
def test_stand_in_has_as_many_images_of_each_class(draw, n):
    with pytest.raises(ValueError, match="múltiplo de 10"):
        draw(n, seed=0)


@pytest.mark.parametrize("load", [load_fashion_mnist, load_cifar10])
def test_stand_in_needs_more_than_comparing_pixels(load):
    """La imagen más parecida, píxel a píxel, acierta mucho más que el azar y se equivoca a menudo."""
    data = load(stand_in=True)
    train, test = (x.reshape(len(x), -1).astype(float) for x in (data.x_train, data.x_test))
    distance = (train**2).sum(1) - 2 * test @ train.T
    hits = np.mean(data.y_train[distance.argmin(axis=1)] == data.y_test)
    assert 0.25 < hits < 0.8


def test_stand_in_needs_more_than_the_mean_colour():
    data = load_cifar10(stand_in=True)
    train, test = (x.mean(axis=(1, 2)) for x in (data.x_train, data.x_test))
    distance = ((test[:, np.newaxis] - train) ** 2).sum(axis=2)
    assert np.mean(data.y_train[distance.argmin(axis=1)] == data.y_test) < 0.3


# --- Los tres conjuntos, oficiales pero diminutos, en un servidor HTTPS local ----------------------------


def real_line(name) -> str:
    return f"{TITLES[name]}: datos reales.\n"


def stand_in_line(name) -> str:
    return f"{TITLES[name]}: datos sustitutos, dibujados por el curso.\n"


def names(folder) -> list[str]:
    """Rutas de los archivos de una carpeta, sin el que la reserva."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return sorted(str(path.relative_to(folder)) for path in found)


def few_lines(text) -> bool:
    return 0 < len(text.strip().splitlines()) <= 5


def fashion_mnist_files() -> dict[str, bytes]:
    rng = np.random.default_rng(0)
    content = {}
    for file in fashion_mnist.FILES:
        n = 30 if file.name.startswith("train") else 10
        array = rng.integers(256, size=(n, 28, 28)) if "images" in file.name else np.arange(n) % 10
        content[file.name] = gzip.compress(idx_bytes(array))
    return content


def cifar10_records(n: int) -> bytes:
    pixels = np.random.default_rng(n).integers(256, size=(n, 3072), dtype=np.uint8)
    return np.column_stack([np.arange(n, dtype=np.uint8) % 10, pixels]).tobytes()


def cifar10_archive(members=None, **changes) -> bytes:
    """Un tar.gz con los lotes de CIFAR-10 y lo que se añada o se cambie: {ruta: contenido}."""
    batches = {name: cifar10_records(3) for name in cifar10_files.TRAIN_BATCHES} | {
        cifar10_files.TEST_BATCH: cifar10_records(4)
    }
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        for name, content in (batches | changes if members is None else members).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return output.getvalue()


def jpeg(width, height) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, width)).save(output, "JPEG")
    return output.getvalue()


def coco_document() -> dict:
    """Cuatro fotografías de 8×6; la 3 no se puede volver a publicar."""
    return {
        "licenses": [
            {"id": 3, "url": "http://creativecommons.org/licenses/by-nc-nd/2.0/", "name": "NC"},
            {"id": 4, "url": "http://creativecommons.org/licenses/by/2.0/", "name": "BY"},
        ],
        "images": [
            {
                "id": i, "file_name": f"{i}.jpg", "width": 8, "height": 6, "license": 3 if i == 3 else 4,
                "flickr_url": f"http://farm.example/{i}.jpg",
            }
            for i in (4, 1, 3, 2)
        ],
        "categories": [{"id": 18, "name": "dog"}],
        "annotations": [
            {
                "id": 10 + i, "image_id": i, "category_id": 18, "iscrowd": 0,
                "bbox": [1, 1, 4, 3], "area": 12,
                "segmentation": [[1, 1, 5, 1, 5, 4, 1, 4]],
            }
            for i in (1, 2, 3, 4)
        ],
    }  # fmt: skip


def coco_files(document=None) -> dict[str, bytes]:
    document = document or coco_document()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("annotations/instances_val2017.json", json.dumps(document))
    return {
        "annotations_trainval2017.zip": archive.getvalue(),
        **{f"val2017/{image['file_name']}": jpeg(8, 6) for image in document["images"]},
    }


class Official:
    """Pone un conjunto diminuto en lugar del oficial: registro, servidor y lo que debe haber en la caché."""

    def __init__(self, name, content, https, monkeypatch, tmp_path):
        self.name, self.content, self.https = name, content, https
        self.cache = tmp_path / "cache" / "curso-redes-convolucionales" / name
        self.folder = tmp_path / "datos" / name
        module = {"fashion-mnist": fashion_mnist, "cifar-10": cifar10, "coco": loading}[name]
        urls = [https.url("/uno"), https.url("/dos")]
        registry = tuple(
            replace(
                file,
                urls=tuple(f"{url}/{file.name}" for url in urls),
                size=len(content[file.name]),
                sha256=hashlib.sha256(content[file.name]).hexdigest(),
            )
            for file in module.FILES
        )
        monkeypatch.setattr(module, "FILES", registry)
        monkeypatch.setattr(loading, "BUCKET", urls[0])
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.delenv("COURSE_DATA_DIR", raising=False)
        # la tercera imagen no se pide: su licencia no deja volver a publicarla
        self.needed = sorted(name for name in content if name != "val2017/3.jpg")

    def load(self, **options):
        return datasets.LOADERS[self.name](**options)

    def serve(self, source="uno"):
        self.https.pages = {f"/{source}/{name}": content for name, content in self.content.items()}

    def disconnect(self):
        self.https.close()

    def fill(self, folder):
        for name, content in self.content.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)


CONTENTS = {
    "fashion-mnist": fashion_mnist_files,
    "cifar-10": lambda: {"cifar-10-binary.tar.gz": cifar10_archive()},
    "coco": coco_files,
}


@pytest.fixture(params=CONTENTS)
def official(request, https, monkeypatch, tmp_path):
    return Official(request.param, CONTENTS[request.param](), https, monkeypatch, tmp_path)


@pytest.fixture
def make_official(https, monkeypatch, tmp_path):
    return lambda name, content=None: Official(
        name, content or CONTENTS[name](), https, monkeypatch, tmp_path
    )


# --- De dónde salen: carpeta, caché, red, dibujos --------------------------------------------------------


def test_download_fills_the_cache_that_then_works_without_network(official, capsys):
    official.serve()
    first = official.load()
    assert not first.is_stand_in
    assert len(official.https.asked) == len(official.needed)
    assert names(official.cache) == official.needed
    assert capsys.readouterr().out == real_line(official.name)
    official.disconnect()
    assert official.load().fingerprint == first.fingerprint
    assert used_fingerprints()[official.name] == first.fingerprint
    assert capsys.readouterr() == (real_line(official.name), "")


def test_a_corrupt_cache_is_repaired_from_the_network(official):
    official.serve()
    for name, content in official.content.items():
        (official.cache / name).parent.mkdir(parents=True, exist_ok=True)
        (official.cache / name).write_bytes(content[:-40])
    assert not official.load().is_stand_in
    assert {name: (official.cache / name).read_bytes() for name in official.needed} == {
        name: official.content[name] for name in official.needed
    }


@pytest.mark.parametrize("damaged", [False, True])
def test_without_network_the_stand_in_is_used_and_explained(official, capsys, damaged):
    if damaged:
        official.fill(official.cache)
        for name in official.needed:
            (official.cache / name).write_bytes(b"a medias")
    before = names(official.cache)
    official.disconnect()
    assert official.load().is_stand_in
    out, err = capsys.readouterr()
    assert out == stand_in_line(official.name)
    assert few_lines(err)
    assert "rechaza la conexión" in err
    assert f"python -m course_utils.datasets descarga {official.name}" in err
    assert "define COURSE_DATA_DIR" in err
    assert names(official.cache) == before


def test_an_unwritable_cache_still_gives_the_real_data(official, tmp_path, capsys, monkeypatch):
    (tmp_path / "cache").write_bytes(b"")  # un archivo donde debería haber una carpeta: tampoco root escribe
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    official.serve()
    assert not official.load().is_stand_in
    out, err = capsys.readouterr()
    assert out == real_line(official.name)
    assert few_lines("\n".join(line for line in err.splitlines() if not line.startswith("Descargando")))
    assert f"no se puede usar la caché {official.cache}: hay un archivo donde debería" in err
    assert list((tmp_path / "tmp").iterdir()) == []


def test_an_unwritable_cache_without_network_ends_in_the_stand_in(official, tmp_path, capsys):
    (tmp_path / "cache").write_bytes(b"")
    official.disconnect()
    assert official.load().is_stand_in
    out, err = capsys.readouterr()
    assert out == stand_in_line(official.name)
    assert few_lines(err)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no hay /dev/full, que siempre está lleno")
def test_a_full_disk_is_told_and_leaves_nothing(official, tmp_path, capsys, monkeypatch):
    first = next(iter(official.content))
    official.cache.mkdir(parents=True)
    (official.cache / f"{first}.part").symlink_to("/dev/full")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no hay"))
    official.serve()
    assert official.load().is_stand_in
    out, err = capsys.readouterr()
    assert out == stand_in_line(official.name)
    assert "el disco está lleno" in err
    assert names(official.cache) == []


def test_an_empty_directory_goes_on_to_the_next_source(official, monkeypatch, tmp_path):
    (tmp_path / "vacía").mkdir()
    official.serve()
    for value in ("", str(tmp_path / "vacía")):
        monkeypatch.setenv("COURSE_DATA_DIR", value)
        assert not official.load().is_stand_in
    assert names(tmp_path / "vacía") == []


def test_a_directory_that_does_not_exist_is_an_error(official, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "nada"))
    with pytest.raises(FileNotFoundError, match="esa carpeta no existe") as caught:
        official.load()
    assert few_lines(str(caught.value))
    assert official.https.asked == []


def test_a_directory_without_its_files_is_an_error(official, monkeypatch):
    official.folder.mkdir(parents=True)
    monkeypatch.setenv("COURSE_DATA_DIR", str(official.folder.parent))
    with pytest.raises(FileNotFoundError, match="quita esa carpeta de COURSE_DATA_DIR") as caught:
        official.load()
    assert few_lines(str(caught.value))
    assert official.https.asked == []


def test_the_directory_comes_first(official, monkeypatch, capsys):
    official.fill(official.folder)
    if official.name == "coco":
        (official.folder / "annotations").mkdir()
        path = official.folder / "annotations" / "instances_val2017.json"
        path.write_text(json.dumps(coco_document()), encoding="utf-8")
    monkeypatch.setenv("COURSE_DATA_DIR", str(official.folder.parent))
    assert not official.load().is_stand_in
    assert capsys.readouterr() == (real_line(official.name), "")
    assert official.https.asked == []


@pytest.mark.parametrize("name", ["fashion-mnist", "cifar-10"])
def test_a_file_that_is_not_the_official_one_is_an_error(make_official, monkeypatch, name):
    official = make_official(name)
    official.fill(official.folder)
    path = official.folder / next(iter(official.content))
    path.write_bytes(path.read_bytes()[:-1])
    monkeypatch.setenv("COURSE_DATA_DIR", str(official.folder.parent))
    with pytest.raises(ValueError, match="no es el archivo oficial") as caught:
        official.load()
    assert few_lines(str(caught.value))
    assert path.is_file()


def test_the_local_subset_of_cifar10_says_what_it_is(make_official, monkeypatch, capsys):
    official = make_official("cifar-10")
    official.folder.mkdir(parents=True)
    x = np.random.default_rng(0).integers(256, size=(1200, 32, 32, 3), dtype=np.uint8)
    y = np.arange(1200, dtype=np.uint8) % 10
    np.savez(official.folder / "cifar10_subset.npz", x_train=x, y_train=y, x_test=x[:7], y_test=y[:7])
    monkeypatch.setenv("COURSE_DATA_DIR", str(official.folder.parent))
    data = load_cifar10()
    assert "subconjunto recodificado: 1200 imágenes de entrenamiento y 7 de prueba" in data.provenance
    assert capsys.readouterr().out == "CIFAR-10: datos reales, subconjunto recodificado.\n"
    np.testing.assert_array_equal(data.x_train, x)
    assert (data.y_test.dtype, data.y_test.tolist()) == (np.int64, list(range(7)))


def test_coco_downloads_only_what_is_asked_for_and_goes_on_from_there(make_official):
    official = make_official("coco")
    official.serve()
    assert [image["id"] for image in load_coco(1).images] == [1]
    assert [image["id"] for image in load_coco(2).images] == [1, 2]
    asked = [path for path, _ in official.https.asked]
    assert asked == ["/uno/annotations_trainval2017.zip", "/uno/val2017/1.jpg", "/uno/val2017/2.jpg"]


@pytest.mark.parametrize("bad", [b"<html>", jpeg(8, 7), jpeg(8, 6)[:-30]], ids=["html", "size", "cut"])
def test_coco_refuses_an_image_that_is_not_the_annotated_one(make_official, monkeypatch, capsys, bad):
    monkeypatch.setattr("course_utils.datasets.downloads.time.sleep", lambda _: None)
    official = make_official("coco")
    official.serve()
    official.https.pages["/uno/val2017/2.jpg"] = bad
    assert load_coco().is_stand_in
    assert "no se pudo descargar 2.jpg" in capsys.readouterr().err
    assert names(official.cache) == ["annotations_trainval2017.zip", "val2017/1.jpg"]


@pytest.mark.parametrize("images", [0, 501, 2.5])
def test_coco_has_a_limit_of_images(images):
    with pytest.raises((ValueError, TypeError), match="images"):
        load_coco(images)


def test_coco_skips_what_is_wrong_or_tells_everything(make_official, monkeypatch, capsys):
    document = coco_document()
    document["annotations"][0] |= {"bbox": [1, 1, 40, 3]}
    document["annotations"].append({"id": 11, "image_id": 77})
    official = make_official("coco", coco_files(document))
    official.serve()
    sample = load_coco()
    err = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("Descargando")]
    assert len(sample.document["annotations"]) == 2
    assert err[0].startswith("COCO: se saltan 0 imágenes y 2 anotaciones por ")
    assert few_lines("\n".join(err))
    with pytest.raises(ValueError, match="su caja llega a la columna 41") as caught:
        load_coco(strict=True)
    assert "anotación 11: es huérfana" in str(caught.value)


def test_a_directory_of_coco_without_images_is_an_error(make_official, monkeypatch):
    official = make_official("coco")
    (official.folder / "annotations").mkdir(parents=True)
    path = official.folder / "annotations" / "instances_train2017.json"
    monkeypatch.setenv("COURSE_DATA_DIR", str(official.folder.parent))
    path.write_text(json.dumps(coco_document()), encoding="utf-8")
    with pytest.raises(ValueError, match=r"no queda ninguna imagen.*falta el archivo 1\.jpg"):
        load_coco()
    path.write_text("[NaN", encoding="utf-8")
    with pytest.raises(ValueError, match="no es un JSON de COCO"):
        load_coco()


def test_each_loader_is_registered_with_its_own_name(official):
    official.serve()
    assert official.load().name == official.name
    assert datasets.LOADERS.keys() == datasets.COLLECTIONS.keys()
    assert all(name == one.name for name, one in datasets.COLLECTIONS.items())


def test_the_announced_size_is_that_of_the_files():
    for files in (fashion_mnist.FILES, cifar10.FILES):
        assert sum(file.size for file in files) == datasets.COLLECTIONS[files[0].collection].size


# --- CIFAR-10: lo que se rechaza -----------------------------------------------------------------------


def test_cifar10_archive_is_read_plane_by_plane(tmp_path):
    path = tmp_path / "a.tar.gz"
    path.write_bytes(cifar10_archive())
    x_train, y_train, x_test, y_test = cifar10_files.read_cifar10_archive(path)
    assert (x_train.shape, x_test.shape) == ((15, 32, 32, 3), (4, 32, 32, 3))
    assert (y_train.tolist(), y_test.tolist()) == ([0, 1, 2] * 5, [0, 1, 2, 3])
    record = cifar10_records(4)[3073:6146]
    for row, col, channel in ((0, 0, 0), (0, 1, 0), (1, 0, 0), (5, 7, 2)):
        assert x_test[1, row, col, channel] == record[1 + 1024 * channel + 32 * row + col]


def link(name, target) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = tarfile.SYMTYPE, target
        archive.addfile(member)
    return output.getvalue()


def long_name_bomb() -> bytes:
    """Una cabecera que anuncia un nombre de 8 GB, que tarfile leería entero."""
    member = tarfile.TarInfo("x")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 2**33 - 1
    return gzip.compress(member.tobuf(tarfile.GNU_FORMAT) + bytes(10_240))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(content, message, id=fact)
        for fact, content, message in [
            ("traversal", cifar10_archive({"cifar-10-batches-bin/../../x": b""}), "se sale de su carpeta"),
            ("absolute", cifar10_archive({"/etc/x": b""}), "se sale de su carpeta"),
            ("link", link("cifar-10-batches-bin/test_batch.bin", "/etc/passwd"), "no es un archivo normal"),
            (
                "bomb",
                cifar10_archive({"x.bin": bytes(cifar10_files.MAX_BATCH + 1)}),
                "anuncia 30730001 bytes",
            ),
            ("long name", long_name_bomb(), "pasa de 268435456 bytes|dañado"),
            (
                "missing",
                cifar10_archive({cifar10_files.TEST_BATCH: cifar10_records(1)}),
                "falta .*data_batch_1",
            ),
            (
                "odd",
                cifar10_archive(**{cifar10_files.TEST_BATCH: b"123"}),
                "no es un número entero de imágenes",
            ),
            ("empty", cifar10_archive(**{cifar10_files.TEST_BATCH: b""}), "ocupa 0 bytes"),
            (
                "label",
                cifar10_archive(**{cifar10_files.TEST_BATCH: bytes([10]) + bytes(3072)}),
                "clases de 10 a 10",
            ),
            ("html", b"<html></html>", "dañado o incompleto"),
            ("cut", cifar10_archive()[:-200], "dañado o incompleto|falta"),
        ]
    ],
)
def test_cifar10_archive_refuses_anything_else(tmp_path, content, message):
    path = tmp_path / "a.tar.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        cifar10_files.read_cifar10_archive(path)
    assert names(tmp_path) == ["a.tar.gz"]


X, Y = np.zeros((3, 32, 32, 3), np.uint8), np.array([0, 5, 9], np.uint8)


def npz(**changes):
    output = io.BytesIO()
    np.savez_compressed(output, **{"x_train": X, "y_train": Y, "x_test": X, "y_test": Y} | changes)
    return output.getvalue()


def npz_with(member: str, content: bytes) -> bytes:
    """Un npz cuyo array se ha cambiado por otros bytes."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(npz())) as source, zipfile.ZipFile(output, "w") as target:
        for name in source.namelist():
            target.writestr(name, content if name == member else source.read(name))
    return output.getvalue()


def lying_header() -> bytes:
    output = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        output, {"descr": "|u1", "fortran_order": False, "shape": (10**12, 32, 32, 3)}
    )
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(content, message, id=fact)
        for fact, content, message in [
            ("pickle", npz(y_test=np.array([0, {}, "x"], object)), "objetos de Python"),
            ("floats", npz(x_test=X / 255), "tipo float64"),
            ("nan", npz(x_test=np.full(X.shape, np.nan)), "tipo float64"),
            ("shape", npz(x_train=np.zeros((3, 28, 28, 1), np.uint8)), r"forma \(3, 28, 28, 1\)"),
            ("empty", npz(x_train=X[:0], y_train=Y[:0]), r"forma \(0, 32, 32, 3\)"),
            ("labels", npz(y_train=Y[:2]), "un entero por cada una de las 3 imágenes"),
            ("float labels", npz(y_train=Y / 1), "tipo float64"),
            ("high label", npz(y_train=np.array([0, 1, 10])), "de 0 a 10"),
            ("low label", npz(y_train=np.array([-1, 1, 2])), "de -1 a 2"),
            ("extra", npz(otro=X), "se esperaban los arrays"),
            ("not npy", npz_with("x_test.npy", b"<html>"), "no es un array de NumPy"),
            ("lying header", npz_with("x_test.npy", lying_header()), "no cabe en sus datos"),
            ("html", b"<html></html>", "dañado o incompleto"),
            ("cut", npz()[:-30], "dañado o incompleto"),
        ]
    ],
)
def test_cifar10_subset_refuses_anything_else(tmp_path, content, message):
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        cifar10_files.read_cifar10_npz(path)


def test_cifar10_subset_does_not_decompress_a_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(cifar10_files, "MAX_ARCHIVE", 10_000)
    path = tmp_path / "a.npz"
    path.write_bytes(npz())
    with pytest.raises(ValueError, match="el límite es 10000"):
        cifar10_files.read_cifar10_npz(path)


# --- python -m course_utils.datasets ---------------------------------------------------------------------


def test_the_command_lists_downloads_checks_and_removes(official, capsys):
    def run(*arguments):
        code = main(list(arguments))
        return code, capsys.readouterr()

    code, shown = run("lista", official.name)
    assert (code, shown.err) == (0, "")
    assert "sin descargar: son" in shown.out
    official.serve()
    code, shown = run("descarga", official.name)
    assert code == 0
    assert "completo y verificado" in shown.out
    assert names(official.cache) == official.needed
    code, shown = run("lista", official.name)
    assert f"caché: {official.cache}" in shown.out
    official.disconnect()
    code, shown = run("comprueba", official.name)
    assert (code, shown.err) == (0, "")
    assert f"correcto en {official.cache}" in shown.out
    path = official.cache / official.needed[0]
    path.write_bytes(path.read_bytes()[:-1])
    code, shown = run("comprueba", official.name)
    assert code == 1
    assert path.name in shown.err
    assert path.is_file()
    assert run("descarga", official.name)[0] == 1
    code, shown = run("borra", official.name)
    assert code == 0
    assert "liberados" in shown.out
    assert names(official.cache) == []
    assert "no hay nada que comprobar" in run("comprueba", official.name)[1].out


def test_the_command_never_removes_the_directory_of_the_user(make_official, monkeypatch, capsys):
    official = make_official("cifar-10")
    official.fill(official.folder)
    monkeypatch.setenv("COURSE_DATA_DIR", str(official.folder.parent))
    assert main([]) == 0
    assert f"COURSE_DATA_DIR: {official.folder}" in capsys.readouterr().out
    assert main(["comprueba", "cifar-10"]) == main(["borra", "cifar-10"]) == 0
    assert names(official.folder) == ["cifar-10-binary.tar.gz"]


def test_an_interrupted_download_goes_on_with_the_next_order(make_official, monkeypatch, capsys):
    monkeypatch.setattr("course_utils.datasets.downloads.time.sleep", lambda _: None)
    official = make_official("cifar-10")
    content = official.content["cifar-10-binary.tar.gz"]
    official.https.pages["/uno/cifar-10-binary.tar.gz"] = [cut(content, 5000)]
    assert main(["descarga", "cifar-10"]) == 1
    assert "la próxima vez se sigue desde ahí" in capsys.readouterr().err
    assert names(official.cache) == ["cifar-10-binary.tar.gz.part"]
    official.serve("dos")
    assert main(["descarga", "cifar-10"]) == 0
    assert official.https.asked[-1] == ("/dos/cifar-10-binary.tar.gz", "bytes=5000-")
    assert names(official.cache) == ["cifar-10-binary.tar.gz"]


@pytest.mark.parametrize("arguments", [["tira"], ["descarga", "imagenet"], ["borra"]])
def test_the_command_explains_what_it_does_not_understand(arguments, capsys):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert few_lines(err)
    assert "fashion-mnist, cifar-10, coco" in err


def test_the_command_has_help(capsys):
    assert main(["ayuda"]) == 0
    assert few_lines(capsys.readouterr().out)
