"""The headers that every answer carries, pages and errors alike."""

from flask import Response, current_app, request

from config import Config

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"
"""One year, sent when people reach the app by https."""


def guarding(config: Config) -> dict[str, str]:
    """Give the headers that guard whoever reads an answer."""
    if config.is_https:
        return {**ALWAYS, "Strict-Transport-Security": STRICT_TRANSPORT_SECURITY}
    return ALWAYS


def complete(response: Response) -> Response:
    """Add the headers that guard the reader; pages are kept by no cache unless they say otherwise."""
    for name, value in guarding(current_app.config["PASSERELLE"]).items():
        response.headers.setdefault(name, value)
    is_file = request.endpoint == "static" and response.status_code < 400
    if not is_file and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
    return response
