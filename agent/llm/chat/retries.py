"""Asks again where that can help: the only place that does."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from agent.llm import LlmError
from agent.llm.chat import ChatError


def persistent(attempts: int, longest_wait_s: float, sleep: Callable[[float], None]) -> Retrying:
    """Repeat what raises a passing ChatError, ``attempts`` times in all; then raise LlmError that says how often.

    Between two attempts ``sleep`` is called with the seconds that the server asked for, else with exponential back-off
    and jitter, and never with more than ``longest_wait_s``.
    """
    backoff = wait_exponential_jitter(initial=1, max=longest_wait_s, jitter=1)

    def wait(state: RetryCallState) -> float:
        asked = _error(state).wait_s
        return min(backoff(state) if asked is None else asked, longest_wait_s)

    return Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, ChatError) and error.passing),
        stop=stop_after_attempt(attempts),
        wait=wait,
        sleep=sleep,
        retry_error_callback=_give_up,
    )


def asked_wait_s(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that a response asks to wait, from ``retry-after-ms`` or ``retry-after`` (seconds, or an HTTP date).

    ``now`` is the time in seconds since 1970. None where nothing legible is said.
    """
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    if (seconds := _number(text)) is not None:
        return seconds
    try:
        date = parsedate_to_datetime(text)
        return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _error(state: RetryCallState) -> ChatError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, ChatError):
        raise TypeError(f"only a ChatError is asked again, not {error!r}")
    return error


def _give_up(state: RetryCallState) -> None:
    times = "once" if state.attempt_number == 1 else f"{state.attempt_number} times"
    raise LlmError(f"{_error(state)} (asked {times})") from None
