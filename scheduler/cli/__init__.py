"""The app's own commands: ``flask <area> <verb>``."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apiflask import APIFlask


def in_transaction(command: Callable[..., Any]) -> Callable[..., Any]:
    """Commit what a command did, or roll it all back and end with exit code 1 and the error's sentence."""
    import click

    from scheduler.errors import AppError
    from scheduler.extensions import transaction

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            with transaction():
                return command(*args, **options)
        except AppError as error:
            raise click.ClickException(error.message) from error

    return run


def init_app(app: "APIFlask") -> None:
    """Add the commands to the app."""
    from scheduler.cli import account, demo, docs, feed, organisation

    for group in (organisation.group, account.group, demo.group, feed.group, docs.group):
        app.cli.add_command(group)
