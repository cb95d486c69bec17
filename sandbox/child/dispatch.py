"""What our modes over torch's operators have in common."""

from torch.utils._python_dispatch import TorchDispatchMode


class Mode(TorchDispatchMode):
    """Sees every operator while it is active; nothing is compiled under it."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # torch would keep dynamo from tracing the mode, and import it for that: a second of every short-lived process.
        return False
