import pytest

from prompts.mending import known_mends, mended, mended_by

HEAD = "import triton\nimport triton.language as tl\n\n\n"
KERNEL = "def kernel(x_ptr):\n    tl.store(x_ptr, 1)\n"
LAUNCH = "\n\ndef run(x):\n    kernel[(1,)](x)\n"


def after(source):
    return mended_by(known_mends()["missing_jit"], source)


def test_a_plain_function_that_is_launched_is_decorated():
    assert after(HEAD + KERNEL + LAUNCH) == f"{HEAD}@triton.jit\n{KERNEL}{LAUNCH}"


def test_a_tuned_one_is_decorated_below_the_tuning():
    tuned = "@triton.autotune(configs=[], key=[])\n"
    assert after(HEAD + tuned + KERNEL + LAUNCH) == f"{HEAD}{tuned}@triton.jit\n{KERNEL}{LAUNCH}"


def test_what_only_kernels_call_is_decorated_too():
    square, cube = "def square(x):\n    return x * x\n\n\n", "def cube(x):\n    return square(x) * x\n\n\n"
    kernel = "@triton.jit\ndef kernel(x_ptr):\n    tl.store(x_ptr, cube(tl.load(x_ptr)))\n"
    found = after(HEAD + square + cube + kernel + LAUNCH)
    assert found == f"{HEAD}@triton.jit\n{square}@triton.jit\n{cube}{kernel}{LAUNCH}"


def test_triton_itself_is_imported_where_nobody_did():
    source = "import triton.language as tl\n" + KERNEL + LAUNCH
    assert after(source) == f"import triton\nimport triton.language as tl\n@triton.jit\n{KERNEL}{LAUNCH}"


def test_without_any_import_two_rules_do_it_together():
    found = mended(KERNEL + LAUNCH)
    assert found.mends == ("missing_import", "missing_jit")
    assert found.source == f"import triton\nimport triton.language as tl\n@triton.jit\n{KERNEL}{LAUNCH}"


@pytest.mark.parametrize(
    "source",
    [
        HEAD + "@triton.jit\n" + KERNEL + LAUNCH,
        HEAD + KERNEL,
        HEAD + KERNEL + "kernel = triton.jit(kernel)\n" + LAUNCH,
        HEAD + KERNEL + LAUNCH + "fast = triton.jit(kernel)\n",
        HEAD + "def kernel(x_ptr):\n    return x_ptr\n" + LAUNCH,
        HEAD + KERNEL + "\n\ndef run(x, kernel):\n    kernel[(1,)](x)\n",
        HEAD + "@wrapped\n" + KERNEL + LAUNCH,
        HEAD + KERNEL + "\n\ndef run(x):\n    try:\n        kernel[(1,)](x)\n    except TypeError:\n        return x\n",
        HEAD
        + "def size(n):\n    return n * 2\n\n\n@triton.jit\n"
        + KERNEL.replace("1", "size(1)")
        + "size(3)\n"
        + LAUNCH,
        KERNEL + LAUNCH + HEAD,
    ],
)
def test_what_may_work_is_left(source):
    assert after(source) is None
