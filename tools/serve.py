"""Sirve el sitio construido en 127.0.0.1: ``make ver``."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader, BytesIO
from pathlib import Path
from threading import Thread

COMPRESSED = ("text/", "application/json", "image/svg")
SITE = Path(__file__).resolve().parents[1] / "_build" / "html"


class QuietHandler(SimpleHTTPRequestHandler):
    """Archivos estáticos, comprimidos como los envía quien publica el sitio y sin una línea por petición."""

    compress = False

    def send_head(self):
        file = super().send_head()
        if not isinstance(file, BufferedReader) or not self.compress:
            return file
        with file:
            return BytesIO(gzip.compress(file.read(), compresslevel=6))

    def send_header(self, keyword: str, value: str) -> None:
        if keyword == "Content-type":
            accepted = "gzip" in self.headers.get("Accept-Encoding", "")
            self.compress = accepted and value.startswith(COMPRESSED)
        if keyword == "Content-Length" and self.compress:  # el final no se sabe: se cierra la conexión
            super().send_header("Content-Encoding", "gzip")
        else:
            super().send_header(keyword, value)

    def log_message(self, *args) -> None:
        pass


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Servidor de ``folder``; con ``port=0``, en un puerto libre cualquiera."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(QuietHandler, directory=str(folder)))


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Sirve ``folder`` mientras dura el bloque y da su dirección, sin barra final."""
    server = make_server(folder, 0)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def main(port: str) -> int:
    if not (SITE / "index.html").is_file():
        print("No está construido el sitio: ejecuta antes «make libro».", file=sys.stderr)
        return 1
    try:
        server = make_server(SITE, int(port))
    except (OSError, OverflowError, ValueError):
        print(
            f"No se puede usar el puerto {port}: elige otro, por ejemplo «make ver PORT=8001».",
            file=sys.stderr,
        )
        return 1
    print(f"El sitio está en http://127.0.0.1:{port} (Ctrl+C para terminar).")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
