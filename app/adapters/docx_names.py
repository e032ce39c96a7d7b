"""Which placeholders may a template use, and how? Checked in the syntax tree, against what every paper has.

The language is a small one: names and their members, loops over lists, conditions, a few filters. There are no calls,
no arithmetic, no assignments and no loops over the whole paper inside loops, so that the work of filling a template in
grows with its own size and that of the paper, and every unknown name is found before the first paper is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from docxtpl import DocxTemplate
from jinja2 import Environment, TemplateSyntaxError, nodes

from app.adapters.docx_package import POINTER
from app.core.errors import Fault, fault

LETTERS: Final = {"capitalize", "e", "escape", "lower", "title", "trim", "upper"}
LISTS: Final = {"count", "first", "join", "last", "length"}
FILTERS: Final = LETTERS | LISTS | {"d", "default"}
TESTS: Final = frozenset({"defined", "undefined", "none", "odd", "even"})
LOOP: Final = dict.fromkeys(("index", "index0", "revindex", "revindex0", "length", "depth"), 1) | {
    "first": True,
    "last": True,
}
LONGEST: Final = 500
"""Characters of a text in the template's own statements."""

UNKNOWN: Final = object()
"""What a name means that is none; one fault is enough."""

FOOTNOTES: Final = "wordprocessingml.footnotes+xml"
PROPERTIES: Final = ("author", "comments", "identifier", "language", "subject", "title")
PASSED: Final = (nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.List, nodes.Tuple)
"""Their parts are looked at; they themselves mean nothing here."""


@dataclass(slots=True)
class Names:
    """What a template uses of `paper`, a paper that has everything, and what it must not."""

    paper: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def look_at(self, template: DocxTemplate, sandbox: Environment) -> None:
        for source in _sources(template):
            try:
                tree = sandbox.parse(source)
            except TemplateSyntaxError as error:
                self.faults.append(fault(POINTER, "template_syntax", reason=str(error.message)[:200]))
            else:
                self._statements(tree.body, {})

    def _statements(self, body: list[nodes.Node], bound: dict[str, Any]) -> None:
        for it in body:
            if isinstance(it, nodes.For):
                self._loop(it, bound)
            elif isinstance(it, nodes.If):
                self._meaning(it.test, bound)
                self._statements([*it.body, *it.elif_, *it.else_], bound)
            elif isinstance(it, nodes.Output):
                for part in it.nodes:
                    self._meaning(part, bound)
            else:
                self._refuse(it)

    def _loop(self, it: nodes.For, bound: dict[str, Any]) -> None:
        """A loop inside a loop goes on with what the outer one holds."""
        if it.recursive or not isinstance(it.target, nodes.Name):
            self._refuse(it)
            return
        if bound and not _root(it.iter) & bound.keys():
            self.faults.append(fault(POINTER, "template_nested_loop", name=it.target.name))
        items: Any = self._meaning(it.iter, bound)
        if items is not UNKNOWN and not isinstance(items, list):
            self.faults.append(fault(POINTER, "template_no_list", name=_written(it.iter)))
            items = UNKNOWN
        inner = {**bound, it.target.name: items if items is UNKNOWN else items[0], "loop": LOOP}
        if it.test is not None:
            self._meaning(it.test, inner)
        self._statements(it.body, inner)
        self._statements(it.else_, bound)

    def _meaning(self, it: nodes.Node, bound: dict[str, Any]) -> Any:
        """The value in a paper that has everything."""
        match it:
            case nodes.Name():
                return self._name(it, bound)
            case nodes.Getattr():
                return self._member(it, it.attr, bound)
            case nodes.Getitem(arg=nodes.Const(value=str() as key)):
                return self._member(it, key, bound)
            case nodes.Getitem(arg=nodes.Const(value=int()) | nodes.Neg(node=nodes.Const(value=int()))):
                items = self._meaning(it.node, bound)
                return items[0] if isinstance(items, list) else UNKNOWN
            case nodes.Filter(node=nodes.Node() as inner) if it.name in FILTERS:
                return self._filtered(it, inner, bound)
            case nodes.Const() | nodes.TemplateData():
                self._constant(it)
                return UNKNOWN
            case _:
                self._parts(it, bound)
                return UNKNOWN

    def _parts(self, it: nodes.Node, bound: dict[str, Any]) -> None:
        compared = isinstance(it, nodes.Compare | nodes.Operand | nodes.CondExpr | nodes.Neg)
        tested = isinstance(it, nodes.Test) and it.name in TESTS and not it.args
        if not (compared or tested or isinstance(it, PASSED)):
            self._refuse(it)
            return
        for part in it.iter_child_nodes():
            self._meaning(part, bound)

    def _name(self, it: nodes.Name, bound: dict[str, Any]) -> Any:
        if it.name in bound:
            return bound[it.name]
        if it.name not in self.paper:
            return self._unknown(it.name, self.paper)
        self.used.add(it.name)
        return self.paper[it.name]

    def _member(self, it: nodes.Getattr | nodes.Getitem, key: str, bound: dict[str, Any]) -> Any:
        whole = self._meaning(it.node, bound)
        if whole is UNKNOWN:
            return UNKNOWN
        if isinstance(whole, dict) and key in whole:
            return whole[key]
        return self._unknown(f"{_written(it.node)}.{key}", whole if isinstance(whole, dict) else {})

    def _filtered(self, it: nodes.Filter, inner: nodes.Node, bound: dict[str, Any]) -> Any:
        if it.kwargs or it.dyn_args or it.dyn_kwargs or not all(isinstance(arg, nodes.Const) for arg in it.args):
            self._refuse(it)
            return UNKNOWN
        for arg in it.args:
            self._constant(arg)
        value = self._meaning(inner, bound)
        if it.name in ("first", "last") and isinstance(value, list):
            return value[0]
        return value if it.name in ("d", "default") else "…"

    def _constant(self, it: nodes.Node) -> None:
        value = getattr(it, "value", None)
        if isinstance(value, str) and len(value) > LONGEST:
            self._refuse(it)

    def _unknown(self, name: str, known: dict[str, Any]) -> Any:
        allowed = ", ".join(sorted(known)) or "–"
        self.faults.append(fault(POINTER, "template_unknown_name", name=name[:200], allowed=allowed))
        return UNKNOWN

    def _refuse(self, it: nodes.Node) -> None:
        self.faults.append(fault(POINTER, "template_forbidden", what=_written(it)[:200], line=it.lineno))


def _sources(template: DocxTemplate) -> Iterator[str]:
    """All that docxtpl fills in, as it reads it: the body, heads and feet of pages, footnotes, and properties."""
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))
    for part in template.docx.part.package.iter_parts():
        if part.content_type.endswith(FOOTNOTES):
            yield template.patch_xml(part.blob.decode())
    for name in PROPERTIES:
        yield getattr(template.docx.core_properties, name)


def _root(it: nodes.Node) -> set[str]:
    """The name at which an expression begins."""
    while not isinstance(it, nodes.Name):
        inner = getattr(it, "node", None)
        if inner is None:
            return set()
        it = inner
    return {it.name}


def _written(it: nodes.Node) -> str:
    """An expression about as somebody wrote it, to be found again."""
    match it:
        case nodes.Name():
            return it.name
        case nodes.Getattr():
            return f"{_written(it.node)}.{it.attr}"
        case nodes.Getitem():
            return f"{_written(it.node)}[…]"
        case nodes.Call():
            return f"{_written(it.node)}(…)"
        case nodes.Filter() | nodes.Test():
            return f"{_written(it.node) if it.node else ''}|{it.name}"
        case _:
            return type(it).__name__.lower()
