"""What went wrong with a request, in one line, and whether asking again may help."""

import json
import re
import time
from typing import Any, cast

import openai

from agent.llm.chat import ChatError
from agent.llm.chat.endpoint import Endpoint
from agent.llm.chat.retries import asked_wait_s

_LASTING = (
    "insufficient_quota",
    "invalid_request_error",
    "invalid_api_key",
    "authentication_error",
    "permission_error",
    "not_found_error",
    "model_not_found",
    "context_length_exceeded",
)
"""Codes and types of errors that do not pass, in answers that have no status to go by."""


def failure(error: Exception, endpoint: Endpoint) -> ChatError | None:
    """Translate what a request raised; None for what is no fault of the endpoint or the way to it."""
    if isinstance(error, openai.APIStatusError):
        return _status(error, endpoint)
    if isinstance(error, openai.APITimeoutError):
        return ChatError(f"{endpoint.host} fell silent: nothing came within the time-out", passing=True)
    if isinstance(error, openai.APIConnectionError) or _of_transport(error):
        cause = endpoint.clean(str(error.__cause__ or error))
        return ChatError(f"no connection to {endpoint.host}, or it broke: {cause}", passing=True)
    if isinstance(error, openai.APIError):
        return told(error.body, endpoint)
    if isinstance(error, openai.OpenAIError):
        return ChatError(f"{endpoint.host}: {endpoint.clean(str(error))}")
    if isinstance(error, ValueError):
        return ChatError(f"{endpoint.host} sent a broken body: {endpoint.clean(str(error))}", passing=True)
    return None


def told(error: object, endpoint: Endpoint) -> ChatError:
    """Translate an error that came with status 200: an event in a stream, or a field of an answer."""
    table = cast("dict[str, Any]", error) if isinstance(error, dict) else {"message": error}
    codes = [str(table.get(field, "")) for field in ("code", "type", "status")]
    statuses = [int(code) for code in codes if re.fullmatch(r"[1-5]\d\d", code)]
    passing = _passes(statuses[0]) if statuses else not any(code in _LASTING for code in codes)
    said = str(table.get("message") or json.dumps(error, default=str))
    return ChatError(f"{endpoint.host} sent an error: {endpoint.clean(said)}", passing=passing, said=said)


def web_page(endpoint: Endpoint) -> ChatError:
    """A page for people came where an answer was awaited."""
    return ChatError(
        f"{endpoint.host} answered with a web page: {endpoint.base_url!r} is perhaps not its base URL (most end in /v1)"
    )


def _of_transport(error: Exception) -> bool:
    """Whether the SDK let an error of the library below it through, as version 2 does in the middle of a stream."""
    return type(error).__module__.partition(".")[0] in ("httpx", "httpx2")


def _status(error: openai.APIStatusError, endpoint: Endpoint) -> ChatError:
    status, words = error.status_code, endpoint.clean(_words(error.body))
    said = f"{error.param} {json.dumps(error.body, default=str)}"
    told_by = f"{endpoint.host} answered {status}"
    if status == 401:
        message = f"{told_by}: it does not take the key in {endpoint.key_env or 'no variable (its table names none)'}"
    elif status == 404:
        message = f"{told_by}: it has no model {endpoint.model!r}, or the base URL is wrong"
    elif "insufficient_quota" in said:
        return ChatError(f"{told_by}: the account has no quota left: {words}", said=said)
    else:
        return ChatError(
            f"{told_by}: {words}",
            passing=_passes(status),
            wait_s=asked_wait_s(error.response.headers, time.time()),
            said=said,
        )
    return ChatError(f"{message}: {words}", said=said)


def _passes(status: int) -> bool:
    return status in (408, 409, 429) or status >= 500


def _words(body: object) -> str:
    """Take the message out of an error's body, wherever it stands."""
    if isinstance(body, str):
        return "a web page" if re.match(r"\s*<", body) else body
    if isinstance(body, dict):
        table = cast("dict[str, Any]", body)
        found = table.get("message") or table.get("error") or table.get("detail")
        return found if isinstance(found, str) else json.dumps(found or body, default=str)
    return "nothing more"
