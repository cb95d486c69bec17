"""What can be said against a candidate without running it."""

import ast

from sandbox.evaluation import Candidate, Evaluation, Verdict
from tasks.contract import bound


def screen(candidate: Candidate) -> Evaluation | None:
    """BROKEN for text that is not Python, REJECTED without a class ``ModelNew`` at the top level, else None."""
    try:
        tree = ast.parse(candidate.source)
    except SyntaxError as error:
        text = (error.text or "").strip()
        return Evaluation(Verdict.BROKEN, f"line {error.lineno}: {error.msg}{': ' + text if text else ''}")
    except (ValueError, RecursionError, MemoryError) as error:  # a null byte; nesting deeper than the parser's stack
        return Evaluation(Verdict.BROKEN, f"Python cannot read it: {error or type(error).__name__}")
    if "ModelNew" not in bound(tree):
        classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        found = f"there are {', '.join(classes)}" if classes else "there is no class"
        return Evaluation(Verdict.REJECTED, f"no top-level ModelNew; {found}")
    return None
