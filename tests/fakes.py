"""A model, stages and a judge that answer at once and always alike, for tests of what stands around them."""

import re
from dataclasses import dataclass

from agent.llm import Finish, OutOfReplies, Reply, Usage
from agent.tools import Tools
from prompts.library import Prompt
from prompts.plan import Plan
from prompts.stage import StageKind
from sandbox.duel import by_what_is_known
from sandbox.evaluation import Environment, Evaluation, Source, Timing, Verdict
from sandbox.gpu import GpuSpec
from sandbox.metrics import CounterSource, NcuMetrics
from tasks.flaw import Finding, Flaw
from tasks.task import Task

TASK = Task("examples/softmax", "class Model: ...")
EMULATED = Environment("emulated", "fake", "torch 2.13.0, triton 3.9.0, python 3.11.7")
EAGER_MS = 12.0
GPU = GpuSpec(
    id="fake",
    name="Fake",
    device_names=("Fake Card",),
    architecture="None",
    compute_capability="8.9",
    sm_count=1,
    boost_clock_mhz=1.0,
    dram_gb_per_s=1.0,
    dram_gb=1.0,
    l2_mb=1.0,
    l2_gb_per_s=1.0,
    peak_tflops={"fp32": 1.0},
    registers_per_sm=1,
    max_registers_per_thread=1,
    max_threads_per_block=1,
    max_threads_per_sm=1,
    max_blocks_per_sm=1,
    warp_size=32,
    max_warps_per_sm=1,
    smem_kb_per_sm=1,
    smem_kb_per_block=1,
    source="made up",
)


def kernel(ms=None, verdict=Verdict.WRONG, salt=""):
    """A reply with a kernel that the fake judge finds correct in ``ms``, or gives ``verdict``."""
    fate = f"{ms} ms" if ms else f"verdict {verdict}"
    return f"```python\nclass ModelNew:\n    '{fate} {salt}'\n```"


def correct(ms):
    """What a judge says of a correct kernel."""
    timing, eager = Timing((ms,), Source.MODELLED), Timing((EAGER_MS,), Source.MODELLED)
    return Evaluation(Verdict.CORRECT, timing=timing, eager=eager)


class FakeBench:
    """Reads a candidate's fate from its text, and remembers what it judged."""

    def __init__(self, environment=EMULATED):
        self.gpu = GPU
        self.environment = environment
        self.evaluated = []
        self.profiled = []

    def evaluate(self, task, candidate):
        self.evaluated.append(candidate.digest)
        if found := re.search(r"([\d.]+) ms", candidate.source):
            return correct(float(found[1]))
        verdict = Verdict(re.search(r"verdict (\w+)", candidate.source)[1])
        return Evaluation(verdict, f"it is {verdict}")

    def duel(self, task, incumbent, challenger):
        return by_what_is_known(incumbent, challenger)

    def profile(self, task, candidate, counters):
        self.profiled.append(candidate.digest)
        return NcuMetrics({"k": dict.fromkeys(counters, 1.0)}, CounterSource.COMPILER)

    def lint(self, task):
        return tuple(Finding(Flaw.ZERO, "it is nothing") for _ in re.findall("nothing", task.source))

    def close(self):
        pass


class FakeLlm:
    """Gives its replies in order, whatever it is asked; an exception among them is raised."""

    def __init__(self, *replies, paid=True):
        self.paid = paid
        self.asked = []
        self._replies = list(replies)

    def check(self, task_id):
        pass

    def complete(self, prompt, move):
        if not self._replies:
            raise OutOfReplies(f"no reply to {move.stage}")
        self.asked.append((move, prompt))
        reply = self._replies.pop(0)
        if isinstance(reply, BaseException):
            raise reply
        return reply if isinstance(reply, Reply) else Reply(reply, Finish.DONE, Usage(100, 10, 0.01))


@dataclass(frozen=True)
class FakeStage:
    """A stage without words."""

    name: str
    kind: StageKind
    order: int = 0
    done: bool = False

    def is_done(self, metrics):
        return self.done


STAGES = (
    FakeStage("seed", StageKind.SEED),
    FakeStage("repair", StageKind.REPAIR),
    FakeStage("grid", StageKind.IMPROVE, 1),
    FakeStage("tiling", StageKind.IMPROVE, 2),
    FakeStage("memory", StageKind.IMPROVE, 3),
)
ALL_STAGES = (
    *STAGES,
    FakeStage("analyse", StageKind.PLAN),
    FakeStage("rewrite", StageKind.REWRITE),
    FakeStage("combine", StageKind.COMBINE),
)
PLAN = Plan(True, "It waits for memory.", ("reads = 3",), "Read once.", ("Join the loops.",), 2.0)


class FakeLibrary:
    """Stages by name; a prompt says which stage and which parents it was rendered from, and keeps the scenes."""

    counters = ("time", "warps")

    def __init__(self, stages=STAGES):
        self.stages = stages
        self.scenes = []

    def __getitem__(self, name):
        return next(stage for stage in self.stages if stage.name == name)

    def render(self, stage, scene):
        self.scenes.append(scene)
        parents, past = ([exhibit.number for exhibit in some] for some in (scene.parents, scene.past))
        return Prompt("system", f"{scene.task.id} {stage.name} from {parents} past {past}")


def tools(*replies, paid=True, library=None, bench=None):
    """Tools whose model gives these replies."""
    return Tools(FakeLlm(*replies, paid=paid), library or FakeLibrary(), bench or FakeBench())
