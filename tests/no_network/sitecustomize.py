"""Sin red: con esta carpeta en PYTHONPATH, un proceso solo llega a su propia máquina.

El kernel de un cuaderno habla con Jupyter por 127.0.0.1, así que eso se permite. Cualquier otra
dirección, y cualquier nombre, se rechaza antes de que salga nada.
"""

import ipaddress
import socket

MESSAGE = "la prueba ha desactivado la red"
_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _refuse_foreign(host):
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:  # un nombre: resolverlo ya es salir a la red
        local = False
    if not local:
        raise ConnectionRefusedError(f"{MESSAGE}: {host}")


def connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _refuse_foreign(address[0])
    return _connect(self, address)


def connect_ex(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _refuse_foreign(address[0])
    return _connect_ex(self, address)


def getaddrinfo(host, *args, **kwargs):
    _refuse_foreign(host)
    return _getaddrinfo(host, *args, **kwargs)


socket.socket.connect = connect
socket.socket.connect_ex = connect_ex
socket.getaddrinfo = getaddrinfo
