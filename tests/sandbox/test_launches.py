"""What is recorded of a candidate at full size: launches, loops, instructions."""

import json
from dataclasses import asdict

import pytest

from sandbox.child import ptx
from sandbox.child.launches import LONGEST, Mode, Question, Shape
from sandbox.child.records import Followed, Requests
from sandbox.codec import decode
from sandbox.process import run

SOURCE = """
import torch, triton
import triton.language as tl
@triton.jit
def sum_kernel(x_ptr, y_ptr, n, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    total = tl.zeros((BLOCK,), tl.float32)
    for start in range(0, n, BLOCK):
        total += tl.load(x_ptr + row * n + start + tl.arange(0, BLOCK))
    tl.store(y_ptr + row, tl.sum(total))
class ModelNew(torch.nn.Module):
    def __init__(self, scale):
        super().__init__()
        self.linear = torch.nn.Linear(8, 8)
        self.scale = scale
    def forward(self, x):
        y = torch.empty(x.shape[0], device=x.device)
        for _ in range(3):
            sum_kernel[(x.shape[0],)](x, y, x.shape[1], BLOCK=1024)
        return BODY
"""
HELPED = """
class ModelNew(torch.nn.Module):
    @torch.compiler.disable(recursive=False)
    def scaled(self, y):
        return y * 2
"""
REACHING = """
        found = []
        for process in ("self", os.getppid()):
            for number in range(64):
                try:
                    name = os.readlink(f"/proc/{process}/fd/{number}")
                except OSError:
                    continue
                if "memfd:" in name or number == int(sys.argv[1]):
                    found.append(f"{process}: {name}")
        raise ValueError(found)
"""


def follow(mode, *asked, **named):
    followed = both(*asked, **named)
    return followed.counted if mode is Mode.COUNT else followed.compiled


def both(body="y * self.scale", columns=1 << 20, source=SOURCE):
    shape = Shape((64, columns), (columns, 1), "float32")
    question = Question(source.replace("BODY", body), "[2.0]", ["list", [["tensor", 0]]], (shape,), "rtx4090")
    message = json.dumps(asdict(question)).encode()
    ended = run("sandbox.child.launches", message, timeout_s=60, reply_limit=3 * LONGEST, environment={})
    return decode(Followed, json.loads(ended.reply))


def test_a_long_loop_is_followed_by_a_few_rounds_that_stand_for_all():
    recorded = follow(Mode.COUNT)
    (site,) = recorded.sites
    assert (site.kernel, site.times, site.variants[0].grid) == ("sum_kernel", 3, (64, 1, 1))
    counted = site.variants[0].counted
    assert counted.loops == {"8": 1024.0}
    x = next(each for each in counted.arguments if each.name == "x_ptr")
    assert x.touched_bytes == 4 << 20
    assert x.unique_bytes == 4 << 20
    assert not x.shared_along[0]
    assert [each.name for each in recorded.operators] == ["aten.mul"]


def test_the_compiler_tells_instructions_by_loop():
    (site,) = follow(Mode.COMPILE).sites
    compiled = site.variants[0].compiled
    assert compiled.num_warps == 4
    assert 0 < compiled.registers < 64
    assert compiled.spill_bytes == 0
    loop = next(each for each in compiled.sections if each.loop == 8)
    assert [(each.kind, each.count * each.bytes) for each in loop.requests] == [("load", 32.0)]


def test_a_program_that_reads_results_is_followed_all_the_same():
    recorded = follow(Mode.COMPILE, "y if y.sum().item() > 0 else y.cpu()")
    assert not recorded.unsupported
    assert len(recorded.sites) == 1


def test_a_program_that_keeps_dynamo_from_a_helper_is_followed():
    source = SOURCE.replace("class ModelNew(torch.nn.Module):", HELPED)
    recorded = follow(Mode.COMPILE, "self.scaled(y)", source=source)
    assert not recorded.unsupported
    assert [each.name for each in recorded.operators] == ["aten.mul"]


def test_a_program_that_cannot_be_followed_says_why():
    recorded = follow(Mode.COUNT, "y[y.nonzero()]")
    assert recorded.unsupported.startswith("it cannot be followed on shapes alone")


def test_each_following_has_its_own_answer_and_no_other():
    source = "import os, sys" + SOURCE.replace("        return BODY\n", REACHING)
    followed = both(source=source)
    for mode, recorded in ((Mode.COMPILE, followed.compiled), (Mode.COUNT, followed.counted)):
        assert recorded.unsupported.endswith(f"ValueError: ['self: /memfd:{mode} (deleted)']")


PTX = """
.file 1 "/somewhere/candidate.py"
.file 2 "/somewhere/standard.py"
.visible .entry k(
)
{
	.loc	1 5 1
	mov.u32 	%r1, %ctaid.x;
	div.s32 	%r2, %r1, %r3;
$L__BB0_1:                              // =>This Loop Header: Depth=1
                                        //     Child Loop BB0_2 Depth 2
	.loc	1 7 5
	add.s32 	%r4, %r4, 1;
$L__BB0_2:                              //   Parent Loop BB0_1 Depth=1
                                        // =>  This Inner Loop Header: Depth=2
	.loc	1 9 20
	@%p1 ld.global.v4.b32 { %r5, %r6, %r7, %r8 }, [ %rd1 + 0 ];
	cp.async.cg.shared.global [ %r1 + 0 ], [ %rd2 + 0 ], 0x10, 0x10;
	.loc	2 9 20
	fma.rn.f32 	%f1, %f2, %f3, %f1;
	bar.sync 	0;
	.loc	1 8 9
	@%p2 bra 	$L__BB0_2;
// %bb.3:                               //   in Loop: Header=BB0_1 Depth=1
	.loc	1 7 5
	@%p3 bra 	$L__BB0_1;
// %bb.4:
	.loc	1 10 1
	st.global.b32 	[ %rd3 + 0 ], { %r9 };
	ret;
}
"""


def test_loops_of_the_machine_code_are_found_in_the_source():
    outside, outer, inner = sorted(ptx.sections(PTX, "candidate.py", [7, 8]), key=lambda each: each.depth)
    assert [each.loop for each in (outside, outer, inner)] == [0, 7, 8]
    assert inner.requests == (Requests(9, "load", 1.0, 16.0, True), Requests(9, "load", 1.0, 16.0, False))
    assert (inner.barriers, inner.shared_bytes) == (1.0, 16.0)
    assert outside.requests == (Requests(10, "store", 1.0, 4.0, False),)
    assert outside.issue > outer.issue


@pytest.mark.parametrize("text", ["", "nothing here", PTX.replace(".entry", "")])
def test_text_that_is_no_kernel_has_no_instructions(text):
    assert sum(each.issue for each in ptx.sections(text, "candidate.py", [])) == 0
