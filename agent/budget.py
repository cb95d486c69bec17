"""How much a run may cost."""

from dataclasses import dataclass

from agent.history import History


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits; the first that is reached ends the run. None means no limit."""

    attempts: int = 10
    """Answers asked of the model, kernels and plans; a kernel that the user brought is not counted."""
    usd: float | None = 5.0
    """Sum of the known prices: replies without one are not counted."""
    tokens: int | None = None
    """In and out together."""
    minutes: float | None = None
    """Of work; the time between a kill and its resumption is not counted. A turn whose answer is there is finished."""
    enough: float | None = None
    """A speed-up over eager that is good enough."""

    def __post_init__(self) -> None:
        """Refuse a limit that lets nothing be asked; raises ValueError."""
        for name in ("attempts", "usd", "tokens", "minutes", "enough"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be above 0, got {value}")

    def exhausted_by(self, history: History) -> str | None:
        """Say which limit is reached, in words, or None."""
        spent = history.spent
        tokens = spent.input_tokens + spent.output_tokens
        best = history.best
        speedup = best.evaluation.speedup if best else None
        if history.asked >= self.attempts:
            return f"all {self.attempts} attempts made"
        if self.usd is not None and spent.usd >= self.usd:
            return f"${spent.usd:.2f} of ${self.usd:.2f} spent"
        if self.tokens is not None and tokens >= self.tokens:
            return f"{tokens:,} of {self.tokens:,} tokens used"
        if self.minutes is not None and history.worked_s >= self.minutes * 60:
            return f"{self.minutes:g} minutes worked"
        if self.enough is not None and speedup is not None and speedup >= self.enough:
            return f"{speedup:.2f}x is enough ({self.enough:g}x was asked for)"
        return None

    def attempts_left(self, history: History) -> int:
        """How many more answers may be asked for."""
        return max(0, self.attempts - history.asked)
