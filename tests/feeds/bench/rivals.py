"""The servers that are measured: ours twice, Radicale, nginx."""

import gzip
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from config import ROOT
from tests.feeds.bench.processes import HOST, Server, free_port, running

RADICALE = ROOT / "build/radicale/bin/python"
PUT_PATIENCE = 600.0
"""Seconds that Radicale may take to store the calendar."""

PROXIED = """
    location /cal/ {{
      proxy_pass http://ours;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Feed-Files yes;
    }}
    location /feed-files/ {{ internal; alias {files}/; }}
"""
"""What docs/feeds.md tells large sites: ours lets a reader in, nginx hands the file out."""

RIGHTS = "[all]\nuser: .*\ncollection: .*\npermissions: RrWw\n"

NGINX = """
{user}
daemon off;
master_process on;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  types {{ text/calendar ics; }}
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {upstream}
  server {{
    listen {host}:{port};
    root {folder}/files;
    location /plain/ {{ }}
    location /packed/ {{ gzip_static on; }}
    {locations}
  }}
}}
"""


@contextmanager
def ours(environ: dict[str, str], log: Path) -> Iterator[Server]:
    """Serve as ``./run`` does: supervisor, web process, worker."""
    port = free_port()
    command = [sys.executable, "-m", "scheduler.serve"]
    with running("ours", command, port=port, log=log, environ={**environ, "PORT": str(port)}, folder=ROOT) as server:
        yield server


@contextmanager
def gunicorn(environ: dict[str, str], log: Path) -> Iterator[Server]:
    """Serve our pages by gunicorn: one process, four threads."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--workers", "1", "--worker-class", "gthread", "--threads", "4"),
        *("--bind", f"{HOST}:{port}", "--keep-alive", "60", "wsgi:app"),
    ]
    with running("ours, gunicorn", command, port=port, log=log, environ=environ, folder=ROOT) as server:
        yield server


@contextmanager
def radicale(folder: Path) -> Iterator[Server]:
    """Serve calendars by Radicale with its own server and its default settings, but open to everyone."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    settings = folder / "config"
    (folder / "rights").write_text(RIGHTS)
    settings.write_text(
        f"[server]\nhosts = {HOST}:{port}\n[auth]\ntype = none\n"
        f"[rights]\ntype = from_file\nfile = {folder / 'rights'}\n"
        f"[storage]\nfilesystem_folder = {folder / 'collections'}\n[logging]\nlevel = error\n[web]\ntype = none\n"
    )
    command = [RADICALE, "-m", "radicale", "--config", settings]
    with running("Radicale", command, port=port, log=folder / "log") as server:
        yield server


@contextmanager
def nginx(folder: Path, calendar: bytes, *, proxied: Server, files: Path) -> Iterator[Server]:
    """Serve a file by nginx, one process, without a log: plain, and packed beforehand.

    Below /cal/ it asks a server of ours, which has it hand out the files of a folder.
    """
    port = free_port()
    for kind in ("plain", "packed"):
        files = folder / "files" / kind
        files.mkdir(parents=True, exist_ok=True)
        (files / "roster.ics").write_bytes(calendar)
    packed = gzip.compress(calendar, mtime=0)
    (folder / "files/packed/roster.ics.gz").write_bytes(packed)
    settings = folder / "nginx.conf"
    settings.write_text(
        NGINX.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=folder,
            host=HOST,
            port=port,
            upstream=f"upstream ours {{ server {HOST}:{proxied.port}; keepalive 8; }}",
            locations=PROXIED.format(files=files),
        )
    )
    command = ["nginx", "-p", folder, "-c", settings, "-e", folder / "error.log"]
    with running("nginx", command, port=port, log=folder / "log") as server:
        yield server


def put_calendar(server: Server, calendar: bytes, path: str) -> float:
    """Have Radicale store a calendar as a collection of its own; give the seconds that it took.

    Raises
    ------
    RuntimeError
        When it refuses.
    """
    connection = HTTPConnection(HOST, server.port, timeout=PUT_PATIENCE)
    home = path.rstrip("/").rpartition("/")[0] + "/"
    _expect(connection, "MKCOL", home, b"")
    started = time.perf_counter()
    _expect(connection, "PUT", path, calendar)
    connection.close()
    return time.perf_counter() - started


def _expect(connection: HTTPConnection, method: str, path: str, body: bytes) -> None:
    connection.request(method, path, body=body, headers={"Content-Type": "text/calendar; charset=utf-8"})
    response = connection.getresponse()
    said = response.read().decode(errors="replace")
    if response.status not in (201, 204):
        raise RuntimeError(f"Radicale refused {method} {path}: {response.status} {said}")
