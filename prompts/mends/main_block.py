"""Removes trailing ``if __name__ == "__main__"`` blocks: nobody runs them, and their names mislead other rules."""

import ast
from itertools import takewhile

from prompts.program import Edit, Program


def mend(program: Program) -> tuple[Edit, ...]:
    """Cut off every such block at the end of the file; one that holds a class stays, for it may be all there is."""
    body = program.tree.body
    last = list(takewhile(_is_test, reversed(body)))
    kept = len(body) - len(last)
    return tuple(_without(program, body[at - 1], body[at]) for at in range(kept, len(body))) if kept else ()


def _is_test(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.If) or statement.orelse or not _asks_for_main(statement.test):
        return False
    return not any(isinstance(node, ast.ClassDef) for node in ast.walk(statement))


def _asks_for_main(test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return {ast.unparse(left), ast.unparse(right)} == {"__name__", "'__main__'"}
        case _:
            return False


def _without(program: Program, before: ast.stmt, block: ast.stmt) -> Edit:
    """Keep the comments between a statement and the block behind it."""
    begin = program.end(before)
    return Edit(begin, program.end(block), program.source[begin : program.start(block)].rstrip())
