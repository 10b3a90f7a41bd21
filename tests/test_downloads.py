"""La política de descarga, contra un servidor HTTPS de verdad en 127.0.0.1: cada avería y cómo acaba."""

import errno
import hashlib
import io
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import trustme

from course_utils.datasets import downloads, transfer
from course_utils.datasets.downloads import OFFLINE, DownloadError, Policy, RemoteFile, fetch
from tests import https_server
from tests.https_server import (
    HttpsServer,
    cut,
    failure,
    gated,
    redirect,
    slow,
    stall,
    wait_until,
    without_ranges,
)

GOOD = np.random.default_rng(0).integers(256, size=200_000, dtype=np.uint8).tobytes()
BAD = GOOD[:-1] + bytes([GOOD[-1] ^ 1])
HTML = https_server.whole(b"<html>Identificate en la red del hotel</html>", kind="text/html")
FAST = Policy(
    connect_seconds=5, read_seconds=0.4, rounds=2, backoff_seconds=0.01, pace_seconds=0.3, patience_seconds=20
)
SHA256 = hashlib.sha256(GOOD).hexdigest()


def remote(*addresses, **changes) -> RemoteFile:
    return RemoteFile(
        **{"collection": "prueba", "name": "a.gz", "urls": addresses, "size": len(GOOD), "sha256": SHA256}
        | changes
    )


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock") if folder.is_dir() else []


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"https://127.0.0.1:{probe.getsockname()[1]}/a"


# --- Lo que sale bien ----------------------------------------------------------------------------------


def test_the_verified_file_is_written_and_not_asked_again(https, tmp_path, capsys):
    https.pages["/a"] = GOOD
    folder = tmp_path / "nueva" / "carpeta"
    for _ in range(2):
        assert fetch(remote(https.url("/a")), folder, FAST).read_bytes() == GOOD
    assert https.asked == [("/a", None)]
    assert names(folder) == ["a.gz"]
    assert capsys.readouterr() == ("", "Descargando a.gz (200,0 kB) de 127.0.0.1…\n")


def test_it_insists_after_a_passing_failure(https, tmp_path):
    https.pages["/a"] = [failure(503), GOOD]
    assert fetch(remote(https.url("/a")), tmp_path, FAST).read_bytes() == GOOD
    assert len(https.asked) == 2


def test_an_https_redirection_is_followed(https, tmp_path):
    https.pages |= {"/a": redirect(https.url("/b")), "/b": GOOD}
    assert fetch(remote(https.url("/a")), tmp_path, FAST).read_bytes() == GOOD


def test_the_mirror_of_the_environment_goes_first(https, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_MIRROR", f"{https.url('/no')} {https.url('/copia/')}")
    https.pages["/copia/prueba/a.gz"] = GOOD
    assert fetch(remote(https.url("/a")), tmp_path, FAST).read_bytes() == GOOD
    assert [path for path, _ in https.asked] == ["/no/prueba/a.gz", "/copia/prueba/a.gz"]


def test_a_file_without_a_digest_is_judged_by_its_content(https, tmp_path):
    def check(path):
        if path.read_bytes() != GOOD:
            raise ValueError("no es lo que parecía")

    file = remote(https.url("/a"), size=None, sha256=None, check=check)
    https.pages["/a"] = BAD
    with pytest.raises(DownloadError, match="no es lo que parecía"):
        fetch(file, tmp_path, FAST)
    assert names(tmp_path) == []
    https.pages["/a"] = without_ranges(GOOD, announce=False)
    assert fetch(file, tmp_path, FAST).read_bytes() == GOOD


# --- Averías: con otro origen, los datos; sin él, la causa y nada a medias -------------------------------

FAULTS = {
    "503": (failure(503), "responde con el error 503", False),
    "html": (HTML, "da una página web, de 45 bytes, en lugar de 200000", False),
    "wrong hash": (BAD, "el contenido no coincide con su sha256", False),
    "shorter": (GOOD[:-1], "da otro contenido, de 199999 bytes", False),
    "endless": (without_ranges(GOOD + b"!", announce=False), "envía más de los 200000 bytes", False),
    "to http": (redirect("http://127.0.0.1:9/a"), "redirige a una dirección que no es https", False),
    "stall": (stall(GOOD, 70_000), "no responde a tiempo", True),
    "cut": (cut(GOOD, 70_000), "la transferencia se interrumpe", True),
    "cut unannounced": (
        without_ranges(GOOD[:70_000], announce=False),
        "la transferencia se interrumpe",
        True,
    ),
    "1 kB/s": (slow(GOOD, 1000), "va demasiado despacio: a este paso faltan ", True),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_one_source_is_mended_by_the_other(https, tmp_path, fault):
    https.pages |= {"/malo": FAULTS[fault][0], "/bueno": GOOD}
    file = remote(https.url("/malo"), https.url("/bueno"))
    assert fetch(file, tmp_path, FAST).read_bytes() == GOOD
    assert [path for path, _ in https.asked] == ["/malo", "/bueno"]
    assert names(tmp_path) == ["a.gz"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_only_source_is_told_and_leaves_nothing_half_written(https, tmp_path, fault):
    answer, cause, kept = FAULTS[fault]
    https.pages["/malo"] = [answer, answer]
    with pytest.raises(DownloadError) as caught:
        fetch(remote(https.url("/malo")), tmp_path, FAST)
    assert cause in str(caught.value)
    assert len(https.asked) == FAST.rounds
    assert names(tmp_path) == (["a.gz.part"] if kept else [])
    if kept:
        assert GOOD.startswith((tmp_path / "a.gz.part").read_bytes())
        assert "guardados y la próxima vez se sigue desde ahí" in str(caught.value)


def test_a_plain_http_redirection_is_never_contacted(https, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as plain:
        plain.setblocking(False)
        https.pages["/a"] = redirect(f"http://127.0.0.1:{plain.getsockname()[1]}/a")
        with pytest.raises(DownloadError, match="no es https"):
            fetch(remote(https.url("/a")), tmp_path, FAST)
        with pytest.raises(BlockingIOError):
            plain.accept()


def test_an_unknown_authority_is_not_trusted_even_on_this_machine(https, tmp_path):
    impostor = HttpsServer(trustme.CA())
    impostor.pages["/a"] = GOOD
    try:
        with pytest.raises(DownloadError, match="su certificado no es de fiar"):
            fetch(remote(impostor.url("/a")), tmp_path, FAST)
    finally:
        impostor.close()
    assert impostor.asked == []
    assert names(tmp_path) == []


def test_without_network_nothing_is_waited_for(https, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads.time, "sleep", lambda _: pytest.fail("espera en vano"))
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1:\d+: rechaza la conexión"):
        fetch(remote(closed_port()), tmp_path)


def test_the_wait_doubles_between_rounds(https, tmp_path, monkeypatch):
    waits = []
    monkeypatch.setattr(downloads.time, "sleep", waits.append)
    with pytest.raises(DownloadError, match="404"):
        fetch(remote(https.url("/a")), tmp_path)
    assert waits == [1, 2]
    assert len(https.asked) == 3


def test_a_file_of_unknown_size_has_a_limit(https, tmp_path, monkeypatch):
    monkeypatch.setattr(transfer, "MAX_UNKNOWN_BYTES", 1000)
    file = remote(https.url("/a"), size=None, sha256=None, check=lambda path: None)
    for answer, cause in (
        (GOOD, "anuncia 200000 bytes y el límite es 1000"),
        (without_ranges(GOOD, announce=False), "envía más de los 1000 bytes"),
    ):
        https.pages["/a"] = answer
        with pytest.raises(DownloadError, match=cause):
            fetch(file, tmp_path, FAST)
        assert names(tmp_path) == []


# --- Reanudar ------------------------------------------------------------------------------------------


def test_a_cut_transfer_goes_on_where_it_was_from_any_source(https, tmp_path):
    https.pages |= {"/malo": cut(GOOD, 70_000), "/bueno": GOOD}
    fetch(remote(https.url("/malo"), https.url("/bueno")), tmp_path, FAST)
    assert https.asked == [("/malo", None), ("/bueno", "bytes=70000-")]


@pytest.mark.parametrize(
    ("partial", "answers", "ranges"),
    [
        (GOOD[:50_000], [without_ranges(GOOD)], ["bytes=50000-"]),
        (b"de otro archivo", [GOOD, GOOD], ["bytes=15-", None]),
        (GOOD[:50_000], [failure(416), GOOD], ["bytes=50000-", None]),
        (BAD, [GOOD], [None]),
        (GOOD + b"!", [GOOD], [None]),
        (GOOD, [], []),
    ],
    ids=["no ranges", "other content", "416", "complete but bad", "too long", "complete"],
)
def test_what_was_left_is_used_or_thrown_away(https, tmp_path, partial, answers, ranges):
    (tmp_path / "a.gz.part").write_bytes(partial)
    https.pages["/a"] = list(answers)
    assert fetch(remote(https.url("/a")), tmp_path, FAST).read_bytes() == GOOD
    assert [asked for _, asked in https.asked] == ranges
    assert names(tmp_path) == ["a.gz"]


def test_another_piece_than_the_asked_one_is_refused(https, tmp_path):
    (tmp_path / "a.gz.part").write_bytes(GOOD[:50_000])
    https.pages["/a"] = https_server.wrong_range(GOOD)
    with pytest.raises(DownloadError, match="contesta con otro trozo"):
        fetch(remote(https.url("/a")), tmp_path, FAST)
    assert (tmp_path / "a.gz.part").read_bytes() == GOOD[:50_000]


def download_in_another_process(url, folder):
    code = (
        "import sys; from course_utils.datasets.downloads import *\n"
        "file = RemoteFile('prueba', 'a.gz', (sys.argv[1],), int(sys.argv[3]), sys.argv[4])\n"
        "fetch(file, sys.argv[2])"
    )
    command = [sys.executable, "-c", code, url, str(folder), str(len(GOOD)), SHA256]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])


def test_killed_in_the_middle_and_run_again(https, tmp_path):
    https.pages["/a"] = [stall(GOOD, 120_000), GOOD]
    partial = tmp_path / "a.gz.part"
    process = download_in_another_process(https.url("/a"), tmp_path)
    try:
        # lo que haya pasado del búfer al disco; el resto muere con el proceso
        wait_until(lambda: partial.is_file() and partial.stat().st_size > 50_000)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert names(tmp_path) == ["a.gz.part"]
    kept = partial.stat().st_size
    assert fetch(remote(https.url("/a")), tmp_path, FAST).read_bytes() == GOOD
    assert https.asked == [("/a", None), ("/a", f"bytes={kept}-")]
    assert names(tmp_path) == ["a.gz"]


def test_two_processes_at_once_download_it_once(https, tmp_path):
    gate = threading.Event()
    https.pages["/a"] = gated(GOOD, 70_000, gate)
    first = download_in_another_process(https.url("/a"), tmp_path)
    wait_until(lambda: https.asked)
    second = download_in_another_process(https.url("/a"), tmp_path)
    try:
        waiting = second.stderr.readline()
    finally:
        gate.set()
        errors = [process.communicate()[1] for process in (first, second)]
    assert waiting == f"Otro proceso usa {tmp_path}: se espera a que termine…\n"
    assert [first.returncode, second.returncode] == [0, 0], errors
    assert len(https.asked) == 1
    assert (tmp_path / "a.gz").read_bytes() == GOOD
    assert names(tmp_path) == ["a.gz"]


# --- El disco ------------------------------------------------------------------------------------------


def test_a_damaged_file_is_replaced_only_by_a_good_one(https, tmp_path):
    (tmp_path / "a.gz").write_bytes(b"a medias")
    with pytest.raises(DownloadError):
        fetch(remote(https.url("/a")), tmp_path, FAST)
    assert (tmp_path / "a.gz").read_bytes() == b"a medias"
    https.pages["/a"] = GOOD
    assert fetch(remote(https.url("/a")), tmp_path, FAST).read_bytes() == GOOD


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no hay /dev/full, que siempre está lleno")
def test_a_full_disk_leaves_nothing(https, tmp_path):
    (tmp_path / "a.gz.part").symlink_to("/dev/full")
    https.pages["/a"] = GOOD
    with pytest.raises(OSError, match="No space left") as caught:
        fetch(remote(https.url("/a")), tmp_path, FAST)
    assert caught.value.errno == errno.ENOSPC
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_an_os_error(https, tmp_path):
    (tmp_path / "archivo").write_bytes(
        b""
    )  # un archivo donde debería haber una carpeta: tampoco root escribe
    with pytest.raises(OSError, match="archivo"):
        fetch(remote(https.url("/a")), tmp_path / "archivo", FAST)
    assert https.asked == []


def test_offline_only_looks_at_what_there_is(https, tmp_path):
    https.pages["/a"] = GOOD
    with pytest.raises(DownloadError, match=r"a\.gz no está"):
        fetch(remote(https.url("/a")), tmp_path / "nada", OFFLINE)
    assert names(tmp_path) == []
    (tmp_path / "a.gz").write_bytes(b"abc")
    with pytest.raises(DownloadError, match="ocupa 3 bytes y debería ocupar 200000"):
        fetch(remote(https.url("/a")), tmp_path, OFFLINE)
    (tmp_path / "a.gz").write_bytes(BAD)
    with pytest.raises(DownloadError, match="su sha256 empieza por"):
        fetch(remote(https.url("/a")), tmp_path, OFFLINE)
    assert https.asked == []


# --- Lo que se enseña y lo que no se admite --------------------------------------------------------------


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_a_screen_shows_how_it_goes(https, tmp_path, monkeypatch):
    https.pages["/a"] = slow(GOOD, 200_000)
    monkeypatch.setattr(sys, "stderr", Screen())
    fetch(remote(https.url("/a")), tmp_path, FAST)
    shown = [line.strip() for line in sys.stderr.getvalue().split("\r")[1:]]
    assert len(shown) > 1
    for line in shown:
        percent, done, speed, rest = line.split(" · ")
        assert percent.endswith(" %")
        assert done.endswith(" de 200,0 kB")
        assert speed.endswith("B/s")
        assert rest.startswith("quedan ")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"urls": ("http://example.org/a",)}, "no es https"),
        ({"urls": ("file:///etc/passwd",)}, "no es https"),
        ({"name": "../a.gz"}, "no es el de un archivo"),
        ({"name": "a\\b"}, "no es el de un archivo"),
        ({"name": ".."}, "no es el de un archivo"),
        ({"sha256": None}, "hace falta sha256 o check"),
        ({"check": print}, "hace falta sha256 o check"),
    ],
)
def test_an_unsafe_file_cannot_be_described(changes, message):
    with pytest.raises(ValueError, match=message):
        remote(**{"urls": ()} | changes)


def test_a_plain_http_mirror_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_MIRROR", "http://example.org/")
    with pytest.raises(ValueError, match="no es https"):
        fetch(remote(), tmp_path, FAST)
