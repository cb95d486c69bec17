"""What a template says about its own names, read off its tree."""

from collections.abc import Iterator

from jinja2 import nodes

_BY_JINJA = frozenset({"loop", "self", "super", "caller", "varargs", "kwargs"})


def bound_by(tree: nodes.Template) -> frozenset[str]:
    """Every name that it binds somewhere: sets, loops, parameters, macros, imports."""
    return _BY_JINJA.union(_bound(tree))


def _bound(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all((nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport)):
        match node:
            case nodes.Name() if node.ctx != "load":
                yield node.name
            case nodes.Macro():
                yield node.name
            case nodes.Import():
                yield node.target
            case nodes.FromImport():
                yield from (name if isinstance(name, str) else name[1] for name in node.names)
            case _:
                pass


def optional_in(tree: nodes.Template) -> set[nodes.Node]:
    """Names and attributes that need not be there: it asks whether they are, or says what stands in their place."""
    return {
        each
        for node in tree.find_all((nodes.Test, nodes.Filter))
        if node.name in ("defined", "undefined", "default", "d") and node.node is not None
        for each in (node.node, *node.node.find_all(nodes.Node))
    }
