import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.counters import Counter
from sandbox.metrics import REST
from sandbox.profilers.launches import Launch, by_kernel, joined
from sandbox.profilers.ncu_csv import read
from sandbox.profilers.own_kernels import own_kernels, owner

DURATION = str(Counter.DURATION)
H200 = Path(__file__).with_name("ncu_h200_raw.csv")
"""What ncu 2025.3.1 printed on an H200; columns of the device are left out."""
FIXED = '"812","python3.12","127.0.0.1"'
OTHER = "void at::native::fill<4, float>(int, float)"
PAGE = f"""==PROF== Connected to process 812 (/usr/bin/python3.12)
==PROF== Profiling "softmax_kernel": 0%....50%....100% - 9 passes
"ID","Process ID","Process Name","Host Name","Kernel Name","dram__bytes.sum","{DURATION}","launch__grid_size","a__b"
"","","","","","byte","ns","",""
"0",{FIXED},"softmax_kernel","71.25","1,000","4096","n/a"
"1",{FIXED},"softmax_kernel","60","3,000","4,095","8"
"2",{FIXED},"{OTHER}","3.5","1,000","2","n/a"
==PROF== Disconnected from process 812
"""


def test_launches_stand_in_their_order_and_what_is_no_number_is_left_out():
    first, second, third = read(PAGE)
    assert (first.kernel, second.kernel, third.kernel) == ("softmax_kernel", "softmax_kernel", OTHER)
    assert first.counters == {"dram__bytes.sum": 71.25, DURATION: 1000.0, "launch__grid_size": 4096.0}
    assert second.counters["a__b"] == 8.0


def test_sums_are_added_rates_weighed_by_time_and_the_longest_launch_keeps_its_shape():
    launches = [
        Launch("k", {DURATION: 100.0, "launch__grid_size": 7.0, "sm__busy.pct": 10.0, "dram__bytes.sum": 1.0}),
        Launch("k", {DURATION: 300.0, "launch__grid_size": 9.0, "sm__busy.pct": 50.0, "dram__bytes.sum": 2.0}),
        Launch("k", {DURATION: 100.0, "launch__grid_size": 8.0, "dram__bytes.sum": 3.0}),
    ]
    expected = {DURATION: 500.0, "launch__grid_size": 9.0, "sm__busy.pct": 40.0, "dram__bytes.sum": 6.0}
    assert joined(launches) == expected


def test_launches_without_a_time_count_alike():
    assert joined([Launch("k", {"a__b.pct": 1.0}), Launch("k", {"a__b.pct": 2.0})]) == {"a__b.pct": 1.5}
    assert joined([Launch("k", {"a__b.pct": 1.0, DURATION: 0.0})] * 2)["a__b.pct"] == 1.0


def test_own_kernels_stand_under_their_names_and_all_others_under_one():
    found = by_kernel(read(PAGE), {"softmax_kernel"})
    assert list(found) == ["softmax_kernel", REST]
    assert found["softmax_kernel"][DURATION] == 4000.0
    assert found[REST] == {"dram__bytes.sum": 3.5, DURATION: 1000.0, "launch__grid_size": 2.0}
    assert list(by_kernel(read(PAGE), set())) == [REST]


def test_a_real_page_is_read():
    found = by_kernel(read(H200.read_text()), {"mykern"})
    assert list(found) == ["mykern", REST]
    own = found["mykern"]
    known = [each for each in Counter if each is not Counter.STORED_SHARE]  # the one that was not asked for
    assert all(each in own for each in known)
    assert (own[Counter.DURATION], own[Counter.REGISTERS], own[Counter.GRID]) == (9152.0, 18.0, 4096.0)
    assert own[Counter.DRAM_BUSY] == 39.36
    assert found[REST][Counter.WAITS_FOR_MEMORY] == 75.82
    assert "launch__tpc_enabled" not in own  # "all" is no number


def test_no_table_is_no_launch():
    assert read("") == []
    assert read('"ID","Process ID"\n"0","1"') == []
    assert read("==ERROR== ERR_NVGPUCTRPERM - The user does not have permission") == []


@given(st.text())
def test_any_text_can_be_read(text):
    read(text)
    read(PAGE + text)


@given(
    st.dictionaries(
        st.text(st.characters(codec="ascii", exclude_characters="\r\n"), min_size=1), st.floats(0, 1e9), min_size=1
    )
)
def test_any_kernel_name_survives(durations):
    out = io.StringIO()
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows.writerow(["ID", "Kernel Name", DURATION])
    rows.writerow(["", "", "ns"])
    for index, (name, duration) in enumerate(durations.items()):
        rows.writerow([index, name, repr(duration)])
    assert {each.kernel: dict(each.counters) for each in read(out.getvalue())} == {
        name: {DURATION: duration} for name, duration in durations.items()
    }


def test_a_candidates_own_kernels_are_those_it_has_jitted():
    source = (
        "@triton.jit\ndef a(): ...\n@triton.autotune([])\n@triton.jit\ndef b(): ...\n@jit\ndef c(): ...\n"
        "@other\ndef d(): ...\n@triton.jit(debug=True)\ndef e(): ...\ndef f(): ...\ng = triton.jit(f)"
    )
    assert own_kernels(source) == {"a", "b", "c", "e", "f"}


@pytest.mark.parametrize(
    ("printed", "own"),
    [
        ("softmax_kernel", "softmax_kernel"),
        ("softmax_kernel(float *, int)", "softmax_kernel"),
        ("void softmax_kernel<64>(float *, int)", "softmax_kernel"),
        ("softmax_kernel_0d1d2de", "softmax_kernel"),
        ("softmax_kernel_0", "softmax_kernel"),
        ("_Z14softmax_kernelPfi", "softmax_kernel"),
        ("softmax_ker...", "softmax_kernel"),
        ("split2", "split2"),
        ("softm...", None),
        ("softmax_kernel_backward", None),
        ("ampere_sgemm_128x64_nn", None),
        ("void at::native::softmax_kernel<4>(int)", None),
        ("_ZN2at6native14softmax_kernelEPf", None),
        ("", None),
    ],
)
def test_a_printed_name_finds_its_kernel(printed, own):
    assert owner(printed, {"softmax_kernel", "split2", "softmin_kernel"}) == own
