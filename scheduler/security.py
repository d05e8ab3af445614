"""Who may come in: access marks on endpoints, the account behind a request, and its one transaction.

Every endpoint says who may call it with ``@access``; one that says nothing stops the app from starting, and would be
refused.  What an account may do with one object is decided further in, by queries (404) and services (403).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from apiflask import APIFlask
from flask import Request, Response, current_app, g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from config import Config
from scheduler import clock, headers
from scheduler.errors import NotAllowed
from scheduler.extensions import (
    begin_reading,
    commit,
    end_reading,
    login_manager,
    rollback,
    write_later,
    write_what_waited,
)
from scheduler.models import ACCESS_ROLES, Account
from scheduler.queries.accounts import find_sign_in
from scheduler.queries.scopes import scope_of
from scheduler.scope import Scope
from scheduler.services.accounts import SEEN_EVERY, seen_statement
from scheduler.text import N_

PUBLIC = "public"
"""Anyone, signed in or not."""
SIGNED_IN = "signed in"
"""Any account that is signed in."""
PLATFORM = "platform administrator"
"""The platform administrator."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_SECRET = "sign_in"  # noqa: S105  (the name of a place, not a secret)

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call an endpoint."""

    who: frozenset[str]

    def admits(self, scope: Scope | None) -> bool:
        """Tell whether someone may come in; None is a browser that is not signed in."""
        if PUBLIC in self.who:
            return True
        if scope is None:
            return False
        if SIGNED_IN in self.who or (PLATFORM in self.who and scope.is_platform_administrator):
            return True
        return scope.has_role(*self.who)


def access(*who: str) -> Callable[[View], View]:
    """Mark a view with those who may call it: PUBLIC, SIGNED_IN, PLATFORM or access roles.

    An access role admits accounts that have it in any organisation.
    """
    unknown = set(who) - {PUBLIC, SIGNED_IN, PLATFORM, *ACCESS_ROLES}
    if unknown or not who:
        raise ValueError(f"no such access: {', '.join(sorted(unknown)) or 'none given'}")

    def mark(view: View) -> View:
        view.access = Access(frozenset(who))  # type: ignore[attr-defined]
        return view

    return mark


def access_of(app: APIFlask, endpoint: str) -> Access | None:
    """Give the access mark of an endpoint, or None if it has none."""
    return getattr(app.view_functions.get(endpoint), "access", None)


def refuse_unmarked(app: APIFlask) -> None:
    """Refuse to start with an endpoint that does not say who may call it.

    Raises
    ------
    RuntimeError
        Naming the endpoints without a mark.
    """
    if app.has_static_folder:
        access(PUBLIC)(app.view_functions["static"])
    unmarked = sorted(endpoint for endpoint in app.view_functions if access_of(app, endpoint) is None)
    if unmarked:
        raise RuntimeError(f"these endpoints lack @access: {', '.join(unmarked)}")


def current_account() -> Account:
    """Give the account that is signed in."""
    if not current_user.is_authenticated:
        raise NotAllowed(N_("Please sign in first."))
    account: Account = current_user._get_current_object()
    return account


def current_scope() -> Scope:
    """Give the reach of the account that is signed in."""
    if "scope" not in g:
        g.scope = scope_of(current_account(), clock.today())
    scope: Scope = g.scope
    return scope


def keep_sign_in(secret: str) -> None:
    """Bind this browser to a sign-in; whatever the cookie held before is dropped."""
    session.clear()
    session[_SECRET] = secret
    forget_account()


def current_secret() -> str:
    """Give the secret in the browser's cookie, or an empty text."""
    return str(session.get(_SECRET, ""))


def drop_sign_in() -> None:
    """Forget everything this browser's cookie held."""
    session.clear()
    forget_account()


def forget_account() -> None:
    """Look at the cookie again when the account is next asked for."""
    g.pop("_login_user", None)
    g.pop("scope", None)


def is_fragment_request() -> bool:
    """Tell whether a script asks for a part of a page."""
    return request.headers.get("X-Requested-With") == "fetch"


def is_local_path(target: str) -> bool:
    """Tell whether a redirect to this target stays on this site."""
    return (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and "\\" not in target
        and all(" " <= character < "\x7f" for character in target)
    )


def local_path_or(target: str | None, otherwise: str) -> str:
    """Give the target if it is a path of this site, else the other one."""
    return target if target and is_local_path(target) else otherwise


def keep_changes() -> None:
    """Have the transaction of this request committed although its answer is an error page."""
    g.keep_changes = True


def init_app(app: APIFlask) -> None:
    """Guard every request of the app."""
    config: Config = app.config["PASSERELLE"]
    login_manager.session_protection = None  # it would guess from address and browser; our rows in sign_in know
    login_manager.request_loader(_account_behind)
    app.before_request(_begin)
    app.before_request(_guard)
    app.after_request(_end_transaction)
    app.after_request(headers.complete)
    app.teardown_request(_end)
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_proxies)  # type: ignore[method-assign]


def _account_behind(_request: Request) -> Account | None:
    secret = current_secret()
    if not secret:
        return None
    now = clock.now()
    sign_in = find_sign_in(secret, at=now)
    config: Config = current_app.config["PASSERELLE"]
    if sign_in is None or (config.is_https and sign_in.account.is_demonstration):
        return None
    if now - sign_in.seen_at >= SEEN_EVERY:
        write_later(seen_statement(sign_in.id, now))
    return sign_in.account


def _begin() -> None:
    if request.method in SAFE_METHODS:
        g.reading = begin_reading()


def _guard() -> AnyResponse | None:
    if request.url_rule is None:
        return None  # no such address, or not with this method: the error page tells
    mark = getattr(current_app.view_functions.get(request.endpoint or ""), "access", None)
    if mark is None:
        raise NotAllowed(N_("This page is not open to anyone yet."))
    if PUBLIC in mark.who:
        return None
    scope = current_scope() if current_user.is_authenticated else None
    if mark.admits(scope):
        return None
    if scope is None:
        return _to_sign_in()
    raise NotAllowed(N_("Your account may not open this page."))


def _to_sign_in() -> AnyResponse:
    if is_fragment_request():
        return Response(status=401)
    here = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("sign_in.show", next=here), code=303)


def _end_transaction(response: Response) -> Response:
    """Commit what a POST did unless it failed; a GET never commits."""
    if request.method not in SAFE_METHODS and (response.status_code < 400 or g.get("keep_changes")):
        commit()
    else:
        rollback()
    return response


def _end(_error: BaseException | None) -> None:
    rollback()
    token = g.pop("reading", None)
    if token is not None:
        end_reading(token)
    write_what_waited()
