"""Header fields that every answer of a shop carries, besides those that its content needs."""

from __future__ import annotations

from oro_prima.call import Headers, HttpResponse
from oro_prima.sandbox.oro.problems import JSON_API
from oro_prima.sandbox.oro.schema import Version

CACHING: Headers = (
    ("Cache-Control", "must-revalidate, no-cache, no-store, private"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
)
SAFETY: Headers = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-XSS-Protection", "1; mode=block"),
)
PERMISSIONS: Headers = (("Permissions-Policy", "camera=(), microphone=()"),)
COOKIE: Headers = (("Set-Cookie", "BAPID=made-up; path=/; httponly"),)


def safety(version: Version) -> Headers:
    """Return the fields that tell browsers what not to do."""
    return (*SAFETY, *PERMISSIONS) if version == "6.1" else SAFETY


def with_headers(
    answer: HttpResponse, *, version: Version, method: str, routed: bool
) -> HttpResponse:
    """
    Add what a shop's application adds.

    A 401 of the API says little, an answer of the web server before the application nothing; a
    request that reached no route gets no cookie.
    """
    if answer.status == 414:
        return answer
    if answer.status == 401:
        more: Headers = (("Content-Type", JSON_API), CACHING[0])
        return HttpResponse(401, (*answer.headers, *more), answer.body)
    cookie = COOKIE if routed else ()
    caching = CACHING if method != "OPTIONS" else (*CACHING[:1], ("Vary", "Accept"))
    headers = (*answer.headers, *caching, *safety(version), *cookie)
    return HttpResponse(answer.status, headers, answer.body)


def with_token_headers(answer: HttpResponse, *, version: Version) -> HttpResponse:
    """Add what it adds to an answer about tokens: a cookie, where the request was understood."""
    understood = b'"code"' not in answer.body
    more = COOKIE if understood else (("Vary", "Accept"),)
    return HttpResponse(
        answer.status, (*answer.headers, *CACHING, *safety(version), *more), answer.body
    )
