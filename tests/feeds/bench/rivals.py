"""The servers that are measured: ours, Radicale, nginx."""

import gzip
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from config import ROOT
from tests.feeds.bench.processes import HOST, Server, command_of, free_port, running

RADICALE = ROOT / "build/radicale/bin/python"
CALM, CALM_PATIENCE = 0.1, 30.0
"""Part of a core that a server of ours takes at most when nobody asks, and seconds to wait for that."""
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
    location /feed-files/ {{
      internal;
      alias {files}/;
      gzip off;
      etag off;
      max_ranges 0;
      add_header ETag $upstream_http_etag;
      add_header Content-Encoding $upstream_http_content_encoding;
      add_header Vary $upstream_http_vary;
      add_header Referrer-Policy $upstream_http_referrer_policy;
      add_header X-Content-Type-Options $upstream_http_x_content_type_options;
      add_header X-Robots-Tag $upstream_http_x_robots_tag;
    }}
"""
"""What docs/operating.md tells large sites: ours lets a reader in, nginx hands the file out."""

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
def ours(environ: dict[str, str], log: Path, *, is_calm: bool = True) -> Iterator[Server]:
    """Serve as ``./run`` does, by supervisor, web processes and worker; give it when all is calm, unless in a hurry."""
    port = free_port()
    command = [sys.executable, "-m", "scheduler.serve"]
    with running("ours", command, port=port, log=log, environ={**environ, "PORT": str(port)}, folder=ROOT) as server:
        if is_calm:
            _wait_until_calm(server, with_worker=environ.get("RUN_WORKER") != "0")
        yield server


def _wait_until_calm(server: Server, *, with_worker: bool) -> None:
    """Wait until the worker, which comes up after the pages, has loaded what it needs."""
    end = time.monotonic() + CALM_PATIENCE
    while time.monotonic() < end:
        paid = server.cpu_seconds()
        time.sleep(0.5)
        is_up = not with_worker or any(b"scheduler.worker" in command_of(pid) for pid in server.pids)
        if is_up and server.cpu_seconds() - paid < CALM * 0.5:
            return


@contextmanager
def one_process(environ: dict[str, str], log: Path) -> Iterator[Server]:
    """Serve as ``./run`` does, by a single web process and without a worker."""
    port = free_port()
    command = [sys.executable, "-m", "scheduler.serve"]
    settings = {**environ, "PORT": str(port), "RUN_WORKER": "0", "WEB_PROCESSES": "1"}
    with running("ours, one process", command, port=port, log=log, environ=settings, folder=ROOT) as server:
        yield server


@contextmanager
def radicale(folder: Path) -> Iterator[Server]:
    """Serve calendars by Radicale with its own server and its default settings, but open to everyone."""
    shutil.rmtree(folder, ignore_errors=True)  # what the run before stored
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
        own = folder / "files" / kind
        own.mkdir(parents=True, exist_ok=True)
        (own / "roster.ics").write_bytes(calendar)
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
