"""How numbers, verdicts and places are said to a person, in a few words each."""

from agent.attempt import Attempt, Proposal
from agent.budget import Budget
from agent.config import Place
from agent.history import History, Spent
from sandbox.comparison import Outcome, median_interval
from sandbox.devices import why_no_cuda
from sandbox.evaluation import Environment, Errors, Evaluation, Source, Timing
from sandbox.gpu import GpuSpec
from sandbox.labels import Label


def judging(environment: Environment, gpu: GpuSpec, asked: Place) -> str:
    """Say where candidates are judged, for which card, and what they are not kept from."""
    if environment.place == "cuda":
        line = f"judging: cuda on {environment.gpu}; times are measured"
    else:
        reason = "as asked" if asked is Place.EMULATED else why_no_cuda() or f"the card here is no {gpu.name}"
        line = f"judging: emulated for {environment.gpu} ({reason}); times are modelled"
    return line + (
        f"; candidates are not kept from: {', '.join(environment.unprotected)}" if environment.unprotected else ""
    )


def speedup(ratio: float, source: Source) -> str:
    """Eager over candidate, for example ``1.84x modelled``; a measured one needs no mark."""
    return f"{ratio:.2f}x" + (" modelled" if source is Source.MODELLED else "")


def speedup_of(evaluation: Evaluation) -> str:
    """The speed-up of a correct candidate; empty for any other."""
    if evaluation.timing is None or evaluation.speedup is None:
        return ""
    return speedup(evaluation.speedup, evaluation.timing.source)


def milliseconds(value: float) -> str:
    """Three digits that count: ``0.0123 ms``, ``1.84 ms``, ``1234 ms``."""
    return f"{value:.0f} ms" if value >= 100 else f"{value:.3g} ms"


def spread(timing: Timing) -> str:
    """A time with all that says how sure it is; a modelled one has no spread."""
    said = f"{milliseconds(timing.median_ms)} {timing.source}"
    if len(timing.samples_ms) == 1:
        return said
    (low, high), (p10, p90) = median_interval(timing), (timing.percentile_ms(10), timing.percentile_ms(90))
    sure = f"95 % interval {milliseconds(low)} to {milliseconds(high)}"
    return f"{said} (p10 to p90 {milliseconds(p10)} to {milliseconds(p90)}, {sure}, {len(timing.samples_ms)} runs)"


def errors(found: Errors) -> str:
    """Both errors against fp64, beside what is allowed and the reference's own."""
    rows = _error(found.max_error, found.max_allowed, found.own_max_error)
    norm = _error(found.frobenius_error, found.frobenius_allowed, found.own_frobenius_error)
    return f"{rows} by rows, {norm} in the Frobenius norm; allclose {'passes' if found.allclose else 'fails'}"


def _error(found: float, allowed: float, own: float | None) -> str:
    beside = "" if own is None else f" (the reference's own {own:.3g})"
    return f"{found:.3g} of {allowed:.3g} allowed{beside}"


def floor(evaluation: Evaluation) -> str:
    """How near a candidate comes to what the card's memory allows; empty where that is not known."""
    if evaluation.floor_ms is None or evaluation.share_of_floor is None:
        return ""
    return f"{evaluation.share_of_floor:.0%} of it reached: {milliseconds(evaluation.floor_ms)} at least for all bytes"


def label(found: Label) -> str:
    """``library share 37%``, ``decoy copy_kernel``, or the kind alone."""
    share = "" if found.share is None else f"{found.share:.0%}"
    return " ".join(each for each in (str(found.kind), share, found.words) if each)


def duration(seconds: float) -> str:
    """``0:42``, ``12:05`` or ``1:02:03``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def stage_of(attempt: Attempt) -> str:
    """``memory from #2``, or the stage alone where it began from nothing."""
    return move(attempt.proposal)


def move(proposal: Proposal) -> str:
    """A stage and the attempts that it starts from."""
    parents = ", ".join(f"#{number}" for number in proposal.parents)
    return proposal.stage + (f" from {parents}" if parents else "") + (", asked again" if proposal.again else "")


def note(attempt: Attempt) -> str:
    """Why an attempt failed, what it plans, or how it stands against the best before it."""
    if attempt.plan:
        expected = f"{attempt.plan.expected_speedup:.2f}x expected, {attempt.plan.algorithm}"
        return expected if attempt.plan.pays else f"no rewrite: {expected}"
    if not attempt.evaluation.correct:
        return last_line(attempt.evaluation.message)
    compared = attempt.comparison
    if compared is None:
        return "first correct"
    if compared.fallen:
        return f"the last best failed when judged again: {compared.fallen}"
    ratios = {Outcome.FASTER: "the last best", Outcome.TIE: "the best, a tie", Outcome.SLOWER: "the best"}
    return f"{compared.ratio:.2f}x {ratios[compared.outcome]}"


def mends(attempt: Attempt) -> str:
    """Say which rules changed the reply's code before it was judged; empty where none did."""
    return f"mended: {', '.join(attempt.mends)}" if attempt.mends else ""


def last_line(message: str) -> str:
    """The line of a log that says what went wrong: its last."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def cost(spent: Spent) -> str:
    """Tokens and price of a run; a price that is not known is said to be so."""
    price = f"${spent.usd:.2f}" if spent.usd else "free"
    if spent.unpriced:
        price = (
            f"{price} and " if spent.usd else ""
        ) + f"{_counted(spent.unpriced, 'reply', 'replies')} of unknown price"
    lost = f", {_counted(spent.possibly_paid, 'lost call', 'lost calls')} possibly paid" if spent.possibly_paid else ""
    return f"{spent.input_tokens:,} tokens in, {spent.output_tokens:,} out; {price}{lost}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def used(budget: Budget, history: History) -> str:
    """How much of the budget is gone."""
    spent = history.spent
    parts = [f"{history.asked} of {budget.attempts} attempts"]
    if budget.usd is not None:
        parts.append(f"${spent.usd:.2f} of ${budget.usd:.2f}")
    if budget.tokens is not None:
        parts.append(f"{spent.input_tokens + spent.output_tokens:,} of {budget.tokens:,} tokens")
    return ", ".join(parts)


def left(budget: Budget, history: History, worked_s: float) -> str:
    """The longest that a run can go on, from its pace so far; empty before there is a pace."""
    limits = [budget.minutes * 60 - worked_s] if budget.minutes is not None else []
    if history.asked:
        limits.append(history.worked_s / history.asked * budget.attempts_left(history))
    return f"at most {duration(max(0.0, min(limits)))} left" if limits else ""
