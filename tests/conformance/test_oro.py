"""Every recorded exchange that a call or an error rule of ours covers is read as it was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from oro_prima.call import header
from oro_prima.errors import (
    CallError,
    RejectedError,
    UnauthorizedError,
    UnavailableError,
    UnreadableError,
)
from oro_prima.http.auth import read_token
from oro_prima.oro.calls.checks import list_methods
from oro_prima.oro.calls.jsonapi import Answer, ApiCall
from tests.conformance.raw import BytesCall, raw_difference
from tests.conformance.recordings import Recording, recordings, typed
from tests.conformance.shared import Judged, Score, shared_folder, write_results
from tests.oro.recover import writes

DOCUMENT, PLAIN, PAGE, EMPTY = "document", "plain", "page", "empty"

RULES: dict[tuple[int, str], type[CallError]] = {
    (302, PAGE): UnavailableError,
    (400, DOCUMENT): RejectedError,
    (400, PLAIN): UnavailableError,
    (401, EMPTY): UnauthorizedError,
    (403, DOCUMENT): UnauthorizedError,
    (404, DOCUMENT): RejectedError,
    (404, EMPTY): UnavailableError,
    (405, EMPTY): RejectedError,
    (406, PLAIN): UnavailableError,
    (409, DOCUMENT): RejectedError,
    (414, PAGE): RejectedError,
    (415, PLAIN): UnavailableError,
    (415, PAGE): UnavailableError,
    (502, PAGE): UnavailableError,
    (503, PAGE): UnavailableError,
    (503, PLAIN): UnavailableError,
}
"""What an error answer means, by status and kind of body, as measured."""

FEATURE_OFF = "resource not accessible exception"


def test_every_recording_is_judged_and_none_is_misread(subtests: pytest.Subtests) -> None:
    """Nothing recorded is read as another value or another class than it is."""
    folder = shared_folder() / "oro" / "recordings"
    for version in ("5.1.8", "6.1.8"):
        with subtests.test(version=version):
            score = _score(folder / version)
            _keep(version, score)

            assert list(score.named("misread")) == []
            assert score.count("matched") > 550
            assert score.count("refused") > 180
            assert score.count("not_covered") <= 1


def _score(folder: Path) -> Score:
    return Score([_judge(recording) for recording in recordings(folder)])


_RESULTS: dict[str, object] = {}


def _keep(version: str, score: Score) -> None:
    _RESULTS[version] = score.as_json()
    write_results("oro", dict(_RESULTS))


def _judge(recording: Recording) -> Judged:
    if recording.path.endswith("/oauth2-token"):
        return _token(recording)
    if not recording.resource:
        return Judged(recording.name, "outside")
    if recording.method == "OPTIONS":
        return _options(recording)
    call = typed(recording)
    failed = recording.status >= 400 or (recording.status == 302 and kind_of(recording) == PAGE)
    if call is not None and not failed:
        why = call.compare(recording.answer_to(call.call), recording.received)
        return Judged(recording.name, "misread" if why else "matched", why)
    if failed and recording.resource:
        return _refusal(recording)
    return _raw(recording)


def _raw(recording: Recording) -> Judged:
    """Send a question that no typed call asks raw; what comes must be what was recorded."""
    if isinstance(recording.sent, str):
        return _broken(recording)
    call = _raw_call(recording)
    why = f"{recording.method} {recording.resource}"
    if not writes(call, recording.asked):
        return Judged(recording.name, "not_covered", why)
    try:
        answer = recording.answer_to(call)
    except CallError:
        return Judged(recording.name, "not_covered", why)
    apart = raw_difference(answer.trees, recording.received)
    return Judged(recording.name, "misread" if apart else "matched", apart or "raw")


def _options(recording: Recording) -> Judged:
    kind, _, key = recording.relative.partition("/")
    call = list_methods(kind, key=key or None)
    if not writes(call, recording.asked):
        return Judged(recording.name, "not_covered", "OPTIONS")
    told = set(header(recording.headers, "allow").replace(" ", "").split(","))
    same = recording.answer_to(call) == told
    return Judged(recording.name, "matched" if same else "misread", "" if same else "Allow")


def _broken(recording: Recording) -> Judged:
    """Send a body that is no JSON, which no call of ours can write, as the bytes that it was."""
    call = BytesCall(recording.method, recording.relative, recording.sent.encode())
    request = call.request()
    sent = (request.method, request.path, request.body.decode())
    if sent != (recording.method, recording.relative, recording.sent):
        return Judged(recording.name, "not_covered", "a broken body")
    apart = raw_difference(recording.answer_to(call).trees, recording.received)
    return Judged(recording.name, "misread" if apart else "matched", apart or "raw")


def _raw_call(recording: Recording) -> ApiCall[Answer]:
    sent = recording.sent
    return ApiCall(
        name="raw",
        resource=recording.resource,
        path=recording.relative,
        method=recording.method,
        query=recording.query,
        sent=sent if isinstance(sent, dict) else None,
        read=lambda answer: answer,
    )


def _refusal(recording: Recording) -> Judged:
    """Send a request that no typed call writes raw, and look at the class of its error."""
    wanted = expected(recording)
    if wanted is None:
        return Judged(recording.name, "not_covered", f"no rule for {recording.status}")
    try:
        recording.answer_to(_raw_call(recording))
    except CallError as error:
        if type(error) is wanted and error.status == recording.status:
            return Judged(recording.name, "refused")
        return Judged(recording.name, "misread", f"{type(error).__name__}, not {wanted.__name__}")
    return Judged(recording.name, "misread", "read as data")


def expected(recording: Recording) -> type[CallError] | None:
    """Return the class that the hand-written table gives an error answer."""
    kind = kind_of(recording)
    if recording.status == 500:
        return UnavailableError if recording.method == "GET" else RejectedError
    if (recording.status, kind) == (404, DOCUMENT) and not _has_detail(recording):
        return UnavailableError
    return RULES.get((recording.status, kind))


def kind_of(recording: Recording) -> str:
    """Tell what kind of body an answer has."""
    if not recording.body:
        return EMPTY
    content_type = header(recording.headers, "content-type")
    if content_type.startswith("application/vnd.api+json"):
        return DOCUMENT
    return PLAIN if "json" in content_type else PAGE


def _has_detail(recording: Recording) -> bool:
    return any(error.get("detail") for error in recording.received["errors"])


TOKENS: dict[int, type[CallError]] = {
    400: UnauthorizedError,
    401: UnauthorizedError,
    405: UnavailableError,
    502: UnavailableError,
    503: UnavailableError,
    302: UnavailableError,
    404: UnauthorizedError,
}


def _token(recording: Recording) -> Judged:
    if recording.status == 200:
        _secret, seconds = read_token(200, recording.body)
        same = seconds == recording.received["expires_in"]
        return Judged(recording.name, "matched" if same else "misread", "another life")
    try:
        read_token(recording.status, recording.body)
    except (UnauthorizedError, UnavailableError, UnreadableError) as error:
        wanted = TOKENS.get(recording.status)
        if type(error) is wanted:
            return Judged(recording.name, "refused")
        return Judged(recording.name, "misread", type(error).__name__)
    return Judged(recording.name, "misread", "read as a token")
