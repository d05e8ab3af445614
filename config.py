"""Settings, read from the environment once.  Each has a type, a safe default and one line that says what it is."""

import math
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent

LANGUAGES = {"en": "en_GB", "fr": "fr", "nl": "nl", "de": "de"}
"""Offered languages and the locale whose formats they use; a language is offered once its catalogue is complete."""


UID_DOMAIN = "passerelle.invalid"
DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII | re.IGNORECASE)


class InvalidSetting(ValueError):
    """A setting has a value the app cannot start with."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of the app.

    Parameters
    ----------
    instance_dir
        INSTANCE_DIR: folder for the database, the secret key and the queue; default ``instance/``.
    database_url
        DATABASE_URL: SQLAlchemy address of the database; default an SQLite file in the instance folder.
    secret_key
        SECRET_KEY: at least 32 characters; default the content of ``instance/secret_key``.
    public_url
        PUBLIC_URL: address people use, e.g. ``https://roster.example``; decides on secure cookies and HSTS.
    port
        PORT: port on which ``./run`` serves; default 8000.
    calendar_uid_domain
        CALENDAR_UID_DOMAIN: right-hand side of iCalendar UIDs; fixed at the first start, and then kept in
        ``instance/calendar_uid_domain``.
    demo
        DEMO: ``0`` keeps an empty database empty at the first start.
    solve_seconds
        SOLVE_SECONDS: default time limit of a solve in seconds; default 20.
    run_worker
        RUN_WORKER: ``0`` starts the web process without a worker beside it.
    trusted_proxies
        TRUSTED_PROXIES: how many proxies in front tell the address of the browser (X-Forwarded-For); default 0.
    journal_key
        JOURNAL_KEY: seals the journal, so that a changed entry shows; default the content of
        ``instance/journal_key``.  Must never change, and belongs in no backup beside the database.
    web_processes
        WEB_PROCESSES: how many processes answer requests; default 2.
    web_threads
        WEB_THREADS: how many requests each of them works on at once; default 4.
    feed_fetches_per_hour
        FEED_FETCHES_PER_HOUR: how often an hour one calendar address is given its bytes anew by one web process;
        default 600, 0 sets no limit.  Answers that nothing changed do not count.
    feed_cache_mb
        FEED_CACHE_MB: how many megabytes of calendars that were read lately each web process keeps; default 64.
    feed_files
        FEED_FILES: folder to which stored calendars are written for a proxy that hands them out by X-Accel-Redirect;
        default none.
    """

    instance_dir: Path
    database_url: str
    secret_key: str
    public_url: str = ""
    port: int = 8000
    calendar_uid_domain: str = UID_DOMAIN
    demo: bool = True
    solve_seconds: float = 20.0
    run_worker: bool = True
    trusted_proxies: int = 0
    journal_key: str = ""
    web_processes: int = 2
    web_threads: int = 4
    feed_fetches_per_hour: int = 600
    feed_cache_mb: int = 64
    feed_files: Path | None = None
    testing: bool = False

    @property
    def is_https(self) -> bool:
        """Whether people reach the app by https."""
        return self.public_url.startswith("https://")

    @property
    def address(self) -> str:
        """Where people find the app."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Config":
        """Read the settings.

        Raises
        ------
        InvalidSetting
            When a value cannot be used.
        """
        instance = Path(environ.get("INSTANCE_DIR") or ROOT / "instance").resolve()
        port = _whole_number("PORT", environ.get("PORT") or "8000", 1, 65535)
        proxies = _whole_number("TRUSTED_PROXIES", environ.get("TRUSTED_PROXIES") or "0", 0, 100)
        fetches = _whole_number("FEED_FETCHES_PER_HOUR", environ.get("FEED_FETCHES_PER_HOUR") or "600", 0, 999_999_999)
        cache_mb = _whole_number("FEED_CACHE_MB", environ.get("FEED_CACHE_MB") or "64", 0, 100_000)
        files = environ.get("FEED_FILES")
        seconds = _seconds("SOLVE_SECONDS", environ.get("SOLVE_SECONDS") or "20")
        database_url = _database_url(environ.get("DATABASE_URL") or f"sqlite:///{instance / 'passerelle.sqlite'}")
        return cls(
            instance_dir=instance,
            database_url=database_url,
            secret_key=environ.get("SECRET_KEY") or read_or_make_key(instance / "secret_key"),
            public_url=environ.get("PUBLIC_URL", "").rstrip("/"),
            port=port,
            calendar_uid_domain=_fixed_domain(instance, environ.get("CALENDAR_UID_DOMAIN", "")),
            demo=environ.get("DEMO", "1") != "0",
            solve_seconds=seconds,
            run_worker=environ.get("RUN_WORKER", "1") != "0",
            trusted_proxies=proxies,
            journal_key=environ.get("JOURNAL_KEY") or read_or_make_key(instance / "journal_key"),
            web_processes=_whole_number("WEB_PROCESSES", environ.get("WEB_PROCESSES") or "2", 1, 1000),
            web_threads=_whole_number("WEB_THREADS", environ.get("WEB_THREADS") or "4", 1, 1000),
            feed_fetches_per_hour=fetches,
            feed_cache_mb=cache_mb,
            feed_files=Path(files).resolve() if files else None,
        ).checked()

    def checked(self) -> "Config":
        """Refuse settings that are not safe to start with."""
        if len(self.secret_key) < 32:
            raise InvalidSetting("SECRET_KEY must have at least 32 characters.")
        return self


def read_or_make_key(path: Path) -> str:
    """Give the key kept in a file; make one, readable by its owner alone, if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def read_config(environ: Mapping[str, str]) -> Config:
    """Read the settings for a process; one that cannot be used ends it with its sentence and exit code 1."""
    try:
        return Config.from_environ(environ)
    except InvalidSetting as wrong:
        sys.exit(str(wrong))


def _whole_number(name: str, value: str, least: int, most: int) -> int:
    if not re.fullmatch("[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise InvalidSetting(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def _seconds(name: str, value: str) -> float:
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not (math.isfinite(found) and found > 0):
        raise InvalidSetting(f"{name} must be a number of seconds above 0, not {value!r}.")
    return found


def _database_url(value: str) -> str:
    if not value.startswith("sqlite:///"):
        # Only here, because it takes long to import; the address may hold a password and is not repeated.
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            make_url(value).get_dialect().import_dbapi()
        except (ArgumentError, ImportError, ValueError):
            raise InvalidSetting(
                "DATABASE_URL must be the address of a database whose driver is installed, "
                "such as sqlite:////srv/passerelle.sqlite."
            ) from None
    return value


def _fixed_domain(instance: Path, value: str) -> str:
    """Give the domain of the first start; keep it in a file when this is the first."""
    if value and not (DOMAIN.fullmatch(value) and len(value) <= 253):
        raise InvalidSetting(f"CALENDAR_UID_DOMAIN must be a domain such as roster.example, not {value!r}.")
    path = instance / "calendar_uid_domain"
    kept = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    if kept and value not in ("", kept):
        raise InvalidSetting(
            f"CALENDAR_UID_DOMAIN was fixed at the first start: it is {kept!r}, not {value!r}. "
            "Every calendar would show its sessions twice."
        )
    if not kept:
        kept = value or UID_DOMAIN
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(kept + "\n", encoding="utf-8")
    return kept
