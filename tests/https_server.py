"""Un servidor HTTPS de verdad en 127.0.0.1, con averías a voluntad, para probar las descargas."""

import re
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme


class HttpsServer:
    """Contesta lo que dice ``pages``: {ruta: respuesta o lista de respuestas, que se gastan}.

    Una respuesta es un contenido en bytes o una función que recibe la petición y el trozo pedido. ``asked``
    apunta cada petición: (ruta, cabecera Range o None).
    """

    def __init__(self, authority: trustme.CA, identity="127.0.0.1", **dates):
        self.pages, self.asked, self.closing = {}, [], threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((self.path, self.headers["Range"]))
                page = outer.pages.get(self.path, failure(404))
                if isinstance(page, list):
                    page = page.pop(0) if page else failure(404)
                (whole(page) if isinstance(page, bytes) else page)(self, outer)

            def log_message(self, *_):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):  # quien descarga cuelga a veces a mitad
                pass

        self.server = Quiet(("127.0.0.1", 0), Handler)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(identity, **dates).configure_cert(context)
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def url(self, path: str) -> str:
        return f"https://127.0.0.1:{self.server.server_port}{path}"

    def close(self):
        if self.closing.is_set():
            return
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def _start(request, status, headers):
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, str(value))
    request.end_headers()


def whole(content: bytes, kind="application/octet-stream"):
    """El contenido, o el trozo que se pida."""

    def answer(request, _):
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers["Range"] or "")
        start = int(asked[1]) if asked else 0
        headers = {"Content-Type": kind, "Content-Length": len(content) - start}
        if asked:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        _start(request, 206 if asked else 200, headers)
        request.wfile.write(content[start:])

    return answer


def without_ranges(content: bytes, announce=True):
    """El contenido entero, aunque se pida un trozo; con ``announce=False``, sin decir cuánto ocupa."""

    def answer(request, _):
        _start(request, 200, {"Content-Length": len(content)} if announce else {})
        request.wfile.write(content)

    return answer


def failure(status: int, **headers):
    def answer(request, _):
        _start(request, status, {"Content-Length": 0} | headers)

    return answer


def wrong_range(content: bytes):
    def answer(request, _):
        _start(request, 206, {"Content-Length": 1, "Content-Range": f"bytes 0-0/{len(content)}"})
        request.wfile.write(content[:1])

    return answer


def redirect(target: str):
    return failure(302, Location=target)


def cut(content: bytes, after: int):
    """La conexión se corta después de los primeros bytes."""

    def answer(request, _):
        _start(request, 200, {"Content-Length": len(content)})
        request.wfile.write(content[:after])
        request.close_connection = True

    return answer


def stall(content: bytes, after: int):
    """Deja de enviar después de los primeros bytes, sin colgar."""

    def answer(request, server):
        _start(request, 200, {"Content-Length": len(content)})
        request.wfile.write(content[:after])
        request.wfile.flush()
        server.closing.wait(20)

    return answer


def gated(content: bytes, after: int, gate: threading.Event):
    """Se para después de los primeros bytes hasta que se abre la puerta."""

    def answer(request, _):
        _start(request, 200, {"Content-Length": len(content)})
        request.wfile.write(content[:after])
        request.wfile.flush()
        gate.wait(20)
        request.wfile.write(content[after:])

    return answer


def slow(content: bytes, bytes_per_second: float, step: float = 0.05):
    """Envía a esa velocidad."""

    def answer(request, server):
        _start(request, 200, {"Content-Length": len(content)})
        piece = max(1, int(bytes_per_second * step))
        for start in range(0, len(content), piece):
            request.wfile.write(content[start : start + piece])
            request.wfile.flush()
            if server.closing.wait(step):
                return

    return answer


def wait_until(condition, seconds: float = 20):
    """Espera a que algo pase; si no pasa, falla."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "no ha pasado lo que se esperaba"
        time.sleep(0.01)
