"""What a template's tree tells: the names it binds, those that it can do without, and what it includes."""

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


def optional_in(tree: nodes.Template) -> frozenset[str]:
    """Names and chains of attributes that it asks for with ``is defined``, or that it gives a default."""
    return frozenset(
        chain
        for node in tree.find_all((nodes.Test, nodes.Filter))
        if node.name in ("defined", "undefined", "default", "d") and node.node and (chain := chain_of(node.node))
    )


def chain_of(node: nodes.Node) -> str:
    """Give ``scene.gpu.name`` as it is written; empty for anything but a name and its attributes."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and (above := chain_of(node.node)):
        return f"{above}.{node.attr}"
    return ""


def included_by(node: nodes.Node) -> list[str] | None:
    """Names of the templates of an include or an import, of which the first that is there counts; None if made up.

    Raises TypeError for what is no name.
    """
    given: nodes.Expr = getattr(node, "template")  # noqa: B009 (all that include have one, their common class has not)
    items = given.items if isinstance(given, (nodes.List, nodes.Tuple)) else [given]
    names = list[str]()
    for each in items:
        if not isinstance(each, nodes.Const):
            return None
        if not isinstance(each.value, str):
            raise TypeError(f"no template {each.value!r}")
        names.append(each.value)
    return names
