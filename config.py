"""Settings, read from the environment once.  Each has a type, a safe default and one line that says what it is."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent

LANGUAGES = {"en": "en_GB", "fr": "fr", "nl": "nl", "de": "de"}
"""Offered languages and the locale whose formats they use; a language is offered once its catalogue is complete."""


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
        CALENDAR_UID_DOMAIN: right-hand side of iCalendar UIDs; must never change after the first start.
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
    """

    instance_dir: Path
    database_url: str
    secret_key: str
    public_url: str = ""
    port: int = 8000
    calendar_uid_domain: str = "passerelle.invalid"
    demo: bool = True
    solve_seconds: float = 20.0
    run_worker: bool = True
    trusted_proxies: int = 0
    journal_key: str = ""
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
        return cls(
            instance_dir=instance,
            database_url=environ.get("DATABASE_URL") or f"sqlite:///{instance / 'passerelle.sqlite'}",
            secret_key=environ.get("SECRET_KEY") or read_or_make_key(instance / "secret_key"),
            public_url=environ.get("PUBLIC_URL", "").rstrip("/"),
            port=_whole_number("PORT", environ.get("PORT") or "8000"),
            calendar_uid_domain=environ.get("CALENDAR_UID_DOMAIN") or "passerelle.invalid",
            demo=environ.get("DEMO", "1") != "0",
            solve_seconds=float(environ.get("SOLVE_SECONDS") or 20),
            run_worker=environ.get("RUN_WORKER", "1") != "0",
            trusted_proxies=_whole_number("TRUSTED_PROXIES", environ.get("TRUSTED_PROXIES") or "0"),
            journal_key=environ.get("JOURNAL_KEY") or read_or_make_key(instance / "journal_key"),
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


def _whole_number(name: str, value: str) -> int:
    if not value.isdigit():
        raise InvalidSetting(f"{name} must be a whole number, not {value!r}.")
    return int(value)
