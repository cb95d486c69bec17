import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from sandbox.profilers.ncu_csv import DURATION, read
from sandbox.profilers.own_kernels import own_kernels

FIXED = '"812","python3.12","127.0.0.1"'
OTHER = "void at::native::fill<4, float>(int, float)"
PAGE = f"""==PROF== Connected to process 812 (/usr/bin/python3.12)
==PROF== Profiling "softmax_kernel": 0%....50%....100% - 9 passes
"ID","Process ID","Process Name","Host Name","Kernel Name","dram__bytes.sum","{DURATION}","launch__grid_size","a__b"
"","","","","","byte","ns","",""
"0",{FIXED},"softmax_kernel","71.25","12,345","4096","n/a"
"1",{FIXED},"softmax_kernel","60","23,456","4,096","n/a"
"2",{FIXED},"{OTHER}","3.5","1,000","2","n/a"
==PROF== Disconnected from process 812
"""


def test_the_slowest_launch_of_each_kernel_is_kept():
    kernels = read(PAGE)
    assert list(kernels) == ["softmax_kernel", OTHER]
    assert kernels["softmax_kernel"] == {
        "dram__bytes.sum": 60.0,
        DURATION: 23456.0,
        "launch__grid_size": 4096.0,
    }


def test_no_table_is_no_kernel():
    assert read("") == {}
    assert read("==ERROR== ERR_NVGPUCTRPERM - The user does not have permission") == {}


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
    kernels = {name: values for name, values in read(out.getvalue()).items()}
    assert kernels == {name: {DURATION: duration} for name, duration in durations.items()}


def test_a_candidates_own_kernels_are_those_it_has_jitted():
    source = (
        "@triton.jit\ndef a(): ...\n@triton.autotune([])\n@triton.jit\ndef b(): ...\n@jit\ndef c(): ...\n"
        "@other\ndef d(): ...\n@triton.jit(debug=True)\ndef e(): ..."
    )
    assert own_kernels(source) == {"a", "b", "c", "e"}
