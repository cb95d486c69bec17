"""Says where the card's time goes in one call: to which of the candidate's own kernels, and to all."""

from collections import Counter
from collections.abc import Callable, Sequence

import torch
from torch.profiler import ProfilerActivity, profile


def of(act: Callable[[], object], own: Sequence[str]) -> list[int]:
    """Give nanoseconds of everything on the card (kernels, copies, fills), then of each kernel of ``own``.

    The first of two profiled calls is thrown away: the profiler starts in it.
    """
    _profiled(act)
    spent = _profiled(act)
    return [sum(spent.values()), *(spent[name] for name in own)]


def _profiled(act: Callable[[], object]) -> Counter[str]:
    with profile(activities=[ProfilerActivity.CUDA]) as seen:
        act()
        torch.cuda.synchronize()
    spent: Counter[str] = Counter()
    for each in seen.events() or ():
        on_card = each.device_type == torch.autograd.DeviceType.CUDA  # pyright: ignore[reportPrivateImportUsage]
        if on_card and not each.is_user_annotation:
            spent[each.name] += round(each.time_range.elapsed_us() * 1e3)
    return spent
