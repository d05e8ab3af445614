"""Nginx, set up as docs/operating.md tells, hands out the files that we write for it."""

import gzip
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from http.client import HTTPConnection
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from config import ROOT
from scheduler.extensions import commit
from scheduler.services import feeds
from tests.conftest import make_config

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
FRAME = """
{user}
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    gzip on;
    gzip_types *;
    gzip_proxied any;
    {http}
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""

pytestmark = pytest.mark.slow


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments):
        pass


@pytest.fixture
def config(tmp_path, world_database):
    shutil.copy(world_database[0], tmp_path / "passerelle.sqlite")
    return make_config(tmp_path, feed_files=tmp_path / "feeds")


@pytest.fixture
def upstream(app):
    """The app behind a plain server of its own."""
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def proxy(tmp_path, upstream):
    """Asks through nginx: a path and headers give status, headers and bytes."""
    if NGINX is None:
        if os.environ.get("CI"):
            pytest.fail("There is no nginx.")
        pytest.skip("There is no nginx.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = tmp_path / "nginx.conf"
    settings.write_text(settings_of(tmp_path, port=port, upstream=upstream.server_port))
    command = [NGINX, "-p", tmp_path, "-c", settings, "-e", tmp_path / "error.log"]
    with subprocess.Popen(command) as process:
        wait_until_open(port, process)
        yield Proxy(port)
        process.terminate()


def settings_of(folder, *, port, upstream):
    """Give what the page for operators says, with the places of this test."""
    http, server = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "operating.md").read_text(), re.DOTALL)
    return FRAME.format(
        user="user root;" if os.geteuid() == 0 else "",
        folder=folder,
        port=port,
        http=http.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        server=server.replace("/srv/passerelle/feeds", str(folder / "feeds")).replace("/var/log/nginx", str(folder)),
    )


def wait_until_open(port, process):
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("Nginx does not listen.")


class Proxy:
    def __init__(self, port):
        self.port = port

    def ask(self, path, method="GET", **headers):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.msg, answer.read()
        finally:
            connection.close()


@pytest.fixture
def address(world, subscribe):
    return subscribe(world.ours.visitor)


def names(headers):
    return {name.lower() for name in headers} - {
        "server",
        "date",
        "connection",
        "accept-ranges",
        "content-length",
    }


def test_nginx_hands_out_the_same_bytes_with_the_same_headers(proxy, program, address):
    path, _ = address
    ours = program.get(path)

    status, headers, body = proxy.ask(path)

    assert (status, body) == (200, ours.data)
    assert {name: headers.get_all(name) for name in names(headers)} == {
        name.lower(): [value] for name, value in ours.headers.items() if name.lower() != "content-length"
    }
    assert headers["Content-Length"] == str(len(body))
    assert "X-Accel-Redirect" not in headers


def test_nginx_hands_out_packed_bytes_when_asked_and_never_else(proxy, program, address):
    path, _ = address
    plain = program.get(path).data

    _, packed_headers, packed = proxy.ask(path, Accept_Encoding="gzip")
    _, refused_headers, refused = proxy.ask(path, Accept_Encoding="gzip;q=0")

    assert packed_headers["Content-Encoding"] == "gzip"
    assert packed_headers["ETag"].endswith('-gz"')
    assert gzip.decompress(packed) == plain
    assert "Content-Encoding" not in refused_headers
    assert refused == plain


def test_nginx_tells_that_nothing_changed_by_etag_and_by_date(proxy, address):
    path, _ = address
    _, headers, _ = proxy.ask(path)

    for known in (
        {"If_None_Match": headers["ETag"]},
        {"If_Modified_Since": headers["Last-Modified"]},
        {"If_None_Match": headers["ETag"], "If_Modified_Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
    ):
        status, again, body = proxy.ask(path, **known)
        assert (status, body) == (304, b"")
        assert (again["ETag"], again["Last-Modified"]) == (headers["ETag"], headers["Last-Modified"])
    other, _, body = proxy.ask(path, If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"])
    assert other == 200
    assert body


def test_a_head_request_through_nginx_tells_the_length(proxy, address):
    path, _ = address
    _, headers, body = proxy.ask(path)

    status, told, nothing = proxy.ask(path, "HEAD")

    assert (status, nothing) == (200, b"")
    assert told["Content-Length"] == str(len(body))
    assert told["ETag"] == headers["ETag"]


def test_a_revoked_address_is_dead_at_once_although_the_file_is_there(proxy, app, address, tmp_path):
    path, subscription_id = address
    assert proxy.ask(path)[0] == 200
    with app.app_context():
        feeds.revoke(actor=None, subscription_id=subscription_id)
        commit()

    status, headers, body = proxy.ask(path)

    assert status == 404
    assert b"VCALENDAR" not in body
    assert list((tmp_path / "feeds").rglob("*.ics"))
    assert "ETag" not in headers


def test_nobody_gets_at_the_files_but_through_an_address(proxy, address, tmp_path):
    proxy.ask(address[0])
    (file,) = (tmp_path / "feeds").rglob("*.ics")

    status, _, body = proxy.ask(f"/feed-files/{file.relative_to(tmp_path / 'feeds')}")

    assert status == 404
    assert b"VCALENDAR" not in body


def test_who_asks_without_nginx_gets_the_bytes_themselves(proxy, program, address):
    path, _ = address
    through_nginx = proxy.ask(path)[2]

    answer = program.get(path)

    assert answer.data == through_nginx
    assert "X-Accel-Redirect" not in answer.headers


def test_nginx_answers_in_plain_words_while_nobody_serves(proxy, upstream, address):
    upstream.shutdown()
    upstream.server_close()

    status, headers, body = proxy.ask(address[0])

    assert status == 503
    assert headers["Content-Type"] == "text/plain"
    assert headers["Retry-After"] == "60"
    assert body == b"Passerelle is busy\n"


def test_the_logs_of_nginx_hold_no_token(proxy, upstream, address, tmp_path):
    path, _ = address
    token = path.split("/")[2]
    asked = (path, f"/CAL/{token}/x.ics", f"/%63al/{token}/x", f"//cal/{token}", f"/health?next={path}", "/health")
    for one in asked:
        proxy.ask(one, Referer=f"https://roster.example{path}")
    upstream.shutdown()
    upstream.server_close()
    for one in asked:
        proxy.ask(one, Referer=f"https://roster.example{path}")

    log = (tmp_path / "passerelle.log").read_text()
    assert log.count("GET") == 2 * len(asked)
    assert '"GET /health" 200' in log
    for file in (*tmp_path.glob("*.log"), tmp_path / "nginx.conf"):
        assert token not in file.read_text(errors="replace")
