"""What can be said against a candidate without running it."""

import ast

from sandbox.evaluation import Candidate, Evaluation, Verdict


def screen(candidate: Candidate) -> Evaluation | None:
    """BROKEN for text that is not Python, REJECTED without a class ``ModelNew`` at the top level, else None."""
    try:
        tree = ast.parse(candidate.source)
    except SyntaxError as error:
        text = (error.text or "").strip()
        return Evaluation(Verdict.BROKEN, f"line {error.lineno}: {error.msg}{': ' + text if text else ''}")
    except (ValueError, RecursionError, MemoryError) as error:  # a null byte; nesting deeper than the parser's stack
        return Evaluation(Verdict.BROKEN, f"Python cannot read it: {error or type(error).__name__}")
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    if "ModelNew" not in _top_level(tree):
        found = f"there are {', '.join(classes)}" if classes else "there is no class"
        return Evaluation(Verdict.REJECTED, f"no top-level class ModelNew; {found}")
    return None


def _top_level(tree: ast.Module) -> set[str]:
    """Names that a class statement or an assignment (``ModelNew = Fast``) binds at the top level."""
    names = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    return names | {target.id for target in targets if isinstance(target, ast.Name)}
