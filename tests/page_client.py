"""A browser without a window: every page it opens is checked, forms are filled by label."""

import contextvars
import secrets

import html5lib
from flask import has_app_context
from flask.testing import FlaskClient

from scheduler.extensions import commit, db
from scheduler.models import Account, SignIn
from scheduler.queries.accounts import hash_of

FIELDS = ("input", "select", "textarea")
NEEDS_NO_LABEL = ("hidden", "submit", "button")
_SPACE = " "


class OwnContextClient(FlaskClient):
    """Sends each request as a server would: from no app context, after what the test did was committed."""

    def open(self, *args, **kwargs):
        let_others_write()
        return contextvars.Context().run(super().open, *args, **kwargs)


def let_others_write():
    """Commit what the test did: SQLite lets one transaction write at a time."""
    if has_app_context():
        commit()


class Page:
    """What came back, with its text as a person reads it."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.html = response.get_data(as_text=True)
        self.tree, self.parse_errors = None, []
        if response.mimetype == "text/html" and self.html:
            self.tree, self.parse_errors = parse(self.html)

    def all(self, tag):
        return list(self.tree.iter(tag))

    @property
    def heading(self):
        return text_of(self.all("h1")[0])

    @property
    def title(self):
        return text_of(self.all("title")[0])

    @property
    def text(self):
        return text_of(self.tree.find("body"))

    @property
    def links(self):
        """Text and address of all links."""
        return {text_of(link): link.get("href") for link in self.all("a")}

    def form(self, button):
        """Give the form that has this button, and the button."""
        for form in self.all("form"):
            for pressed in form.iter("button"):
                if text_of(pressed) == button:
                    return form, pressed
        raise AssertionError(f"no form has a button {button!r}; the page says: {self.text}")

    def label_texts(self):
        return {label.get("for"): text_of(label) for label in self.all("label")}


class PageClient:
    """Opens pages and checks that each is well made."""

    def __init__(self, app):
        self.app = app
        self.client = app.test_client()
        self._token = ""

    def get(self, path, status=200, **kwargs):
        return self._page(self.client.get(path, **kwargs), status, kwargs)

    def post(self, path, data=None, status=303, **kwargs):
        """Post with this browser's CSRF token."""
        data = {"csrf_token": self.token(), **(data or {})}
        return self._page(self.client.post(path, data=data, **kwargs), status, kwargs)

    def submit(self, page, fields, *, button, status=303):
        """Fill the form that has this button, by label, and press it."""
        form, pressed = page.form(button)
        data = _values(form)
        names = {text_of(label): label.get("for") for label in form.iter("label")}
        by_id = {element.get("id"): element for tag in FIELDS for element in form.iter(tag)}
        for label, value in fields.items():
            assert label in names, f"no field {label!r} among {sorted(names)}"
            element = by_id[names[label]]
            data[element.get("name")] = _choice(element, value)
        if pressed.get("name"):
            data[pressed.get("name")] = pressed.get("value", "")
        path = form.get("action") or page.response.request.full_path
        if form.get("method", "get").lower() == "get":
            return self.get(path, query_string=data, status=status)
        return self._page(self.client.post(path, data=data), status, {})

    def follow(self, page):
        """Open the page to which an answer leads."""
        assert page.location, f"{page.status} leads nowhere"
        return self.get(page.location)

    def sign_in(self, login):
        """Sign in without the form, which costs the time of a password hash."""
        let_others_write()
        secret = contextvars.Context().run(_open_sign_in, self.app, login)
        with self.client.session_transaction() as cookie:
            cookie.clear()
            cookie["sign_in"] = secret
        self._token = ""
        return self

    def token(self):
        """Give a CSRF token of this browser's session."""
        if not self._token:
            self.get("/no-such-page", status=404)
        return self._token

    def _page(self, response, status, options):
        page = Page(response)
        assert page.status == status, f"{page.status} instead of {status}: {page.tree is not None and page.text}"
        if status == 303 and response.request.path in ("/sign-in", "/sign-out"):
            self._token = ""  # a new session has new ones
        is_fragment = (options.get("headers") or {}).get("X-Requested-With") == "fetch"
        if page.tree is not None and not is_fragment and status not in (301, 302, 303, 308):
            check_page(page)
        if page.tree is not None:
            for meta in page.all("meta"):
                if meta.get("name") == "csrf-token":
                    self._token = meta.get("content")
        return page


def parse(html):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    return tree, [f"line {position[0]}: {code}" for position, code, _ in parser.errors]


def check_page(page):
    """Fail unless the page is what every page is to be."""
    assert not page.parse_errors, page.parse_errors
    headings = page.all("h1")
    assert len(headings) == 1, f"{len(headings)} h1"
    assert page.title.startswith(page.heading), f"title {page.title!r} does not start with {page.heading!r}"
    ids = [element.get("id") for element in page.tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({one for one in ids if ids.count(one) > 1})}"
    labelled = page.label_texts()
    inside = {element for label in page.all("label") for element in label.iter()}
    for element in page.tree.iter():
        if not isinstance(element.tag, str):
            continue
        where = f"<{element.tag} {dict(element.attrib)}>"
        assert "style" not in element.attrib, f"inline style: {where}"
        assert not [name for name in element.attrib if name.startswith("on")], f"inline handler: {where}"
        assert element.tag != "style", "inline <style>"
        assert element.tag != "script" or element.get("src") or element.get("type") == "application/json", where
        if element.tag in FIELDS and element.get("type") not in NEEDS_NO_LABEL:
            named = element.get("aria-label") or element.get("aria-labelledby") or element in inside
            assert named or labelled.get(element.get("id")), f"no label: {where}"


def text_of(element):
    return _SPACE.join("".join(element.itertext()).split())


def _values(form):
    """What the form would send untouched."""
    data = {}
    for element in form.iter():
        name = element.get("name") if isinstance(element.tag, str) else None
        if not name:
            continue
        if element.tag == "input" and element.get("type") in ("checkbox", "radio"):
            if "checked" in element.attrib:
                data.setdefault(name, []).append(element.get("value", "on"))
        elif element.tag == "input":
            data[name] = element.get("value", "")
        elif element.tag == "textarea":
            data[name] = text_of(element)
        elif element.tag == "select":
            options = list(element.iter("option"))
            one_is_sure = [] if "multiple" in element.attrib else options[:1]
            chosen = [option for option in options if "selected" in option.attrib] or one_is_sure
            data[name] = [option.get("value", text_of(option)) for option in chosen]
    return data


def _choice(element, value):
    """Give the value behind the text of an option."""
    if element.tag == "select":
        options = {text_of(option): option.get("value", text_of(option)) for option in element.iter("option")}
        assert value in options, f"no option {value!r} among {list(options)}"
        return options[value]
    return element.get("value", "on") if element.get("type") in ("checkbox", "radio") else value


def _open_sign_in(app, login):
    from scheduler import clock

    secret = secrets.token_urlsafe(32)
    with app.app_context():
        account = db.session.query(Account).filter_by(login=login).one()
        now = clock.now()
        row = SignIn(account_id=account.id, secret_hash=hash_of(secret), signed_in_at=now, seen_at=now)
        db.session.add(row)
        commit()
    return secret
