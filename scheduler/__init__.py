"""Passerelle: plans clinical work shared between hospitals on two sides of a border."""

from typing import TYPE_CHECKING

from config import ROOT, Config

if TYPE_CHECKING:
    from apiflask import APIFlask


def create_app(config: Config) -> "APIFlask":
    """Build the app from its settings.

    What a page needs is imported here, so that the modules that start, watch and solve come up in no time.
    """
    from apiflask import APIFlask

    from scheduler import cli, error_pages, i18n, queue, security, views
    from scheduler.extensions import babel, csrf, db, login_manager, migrate, open_sqlite_safely

    app = APIFlask(
        "scheduler",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "scheduler" / "static"),
        instance_path=str(config.instance_dir),
        enable_openapi=False,
    )
    app.config.update(
        PASSERELLE=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        TESTING=config.testing,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_NAME="__Host-passerelle" if config.is_https else "passerelle",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "scheduler" / "translations"),
        BABEL_DEFAULT_TIMEZONE="Europe/Brussels",
    )
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            open_sqlite_safely(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    login_manager.init_app(app)
    i18n.init_app(app, babel)
    security.init_app(app)
    error_pages.init_app(app)
    views.init_app(app)
    cli.init_app(app)
    queue.init_app(app)
    return app
