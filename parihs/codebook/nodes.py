"""Reading values out of YAML nodes, collecting every problem with its line instead of stopping."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from parihs.codebook.checks import Problem, suggest

_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = {_TAG + kind for kind in ("str", "int", "float", "bool", "timestamp", "value")}
_CONTROL = {code: " " for code in (*range(32), 127) if chr(code) not in "\t\n"}


@dataclass(slots=True)
class NodeReader:
    """Turns nodes into plain values; what cannot be turned becomes a problem and an empty value."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    code: str | None = None
    """The code being read, named in each problem."""

    def note(self, node: Node | int, message: str) -> None:
        """Add a problem at a node, or at a line counted from 1."""
        line = node if isinstance(node, int) else node.start_mark.line + 1
        self.problems.append(Problem(self.file, line, self.code, message))

    def fields(
        self, node: Node, known: Collection[str], required: Collection[str], what: str
    ) -> dict[str, Node]:
        """The values of a mapping by key; complains of unknown, repeated and missing keys."""
        pairs = self.pairs(node, what)
        for key, (key_node, _) in pairs.items():
            if key not in known:
                self.note(key_node, f"unknown key '{key}'{suggest(key, known)}")
        found = {key: value for key, (_, value) in pairs.items() if key in known}
        for key in required:
            if key not in found or _is_blank(found[key]):
                self.note(node, f"{what} needs '{key}'")
        return found

    def pairs(self, node: Node, what: str) -> dict[str, tuple[Node, Node]]:
        """Key node and value node by key, in file order."""
        if _is_null(node):
            return {}
        if not isinstance(node, MappingNode) or node.tag != _TAG + "map":
            self.note(node, f"{what} must be a list of 'key: value' lines")
            return {}
        found: dict[str, tuple[Node, Node]] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.note(key_node, f"a key of {what} must be plain text")
            elif key_node.value in found:
                first = found[key_node.value][0].start_mark.line + 1
                self.note(key_node, f"the key '{key_node.value}' is already used on line {first}")
            else:
                found[key_node.value] = (key_node, value_node)
        return found

    def items(self, node: Node | None, what: str) -> list[Node]:
        """The nodes of a list; an absent or empty value is an empty list."""
        if node is None or _is_null(node):
            return []
        if not isinstance(node, SequenceNode):
            self.note(node, f"'{what}' must be a list, one '- …' line for each")
            return []
        return list(node.value)

    def text(self, node: Node | None, what: str) -> str:
        """Trimmed text; numbers and dates are taken as they are written."""
        if node is None or _is_null(node):
            return ""
        if not isinstance(node, ScalarNode) or node.tag not in _TEXT_TAGS:
            self.note(node, f"'{what}' must be text")
            return ""
        return str(node.value).translate(_CONTROL).strip()

    def line(self, node: Node | None, what: str) -> str:
        """Text on one line: line breaks and runs of spaces become one space."""
        return " ".join(self.text(node, what).split())

    def lines(self, node: Node | None, what: str) -> tuple[str, ...]:
        """A list of texts on one line each, without the empty ones."""
        read = (self.line(item, what) for item in self.items(node, what))
        return tuple(text for text in read if text)

    def one_or_more(self, node: Node | None, what: str) -> tuple[str, ...]:
        """Like :meth:`lines`, where a single text may stand without a list."""
        if isinstance(node, ScalarNode) and not _is_null(node):
            text = self.line(node, what)
            return (text,) if text else ()
        return self.lines(node, what)

    def flag(self, node: Node | None, what: str, default: bool) -> bool:
        """``true`` or ``false`` (also ``yes``, ``no``, ``on``, ``off``)."""
        if node is None:
            return default
        if isinstance(node, ScalarNode) and node.tag == _TAG + "bool":
            value = yaml.SafeLoader.bool_values.get(node.value.lower())
            if value is not None:
                return bool(value)
        self.note(node, f"'{what}' must be true or false")
        return default


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.tag == _TAG + "null"


def _is_blank(node: Node) -> bool:
    return _is_null(node) or (isinstance(node, ScalarNode) and not node.value.strip())
