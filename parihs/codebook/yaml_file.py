"""Codebooks as YAML: read with every problem named by file, line and code, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from parihs.codebook.book import FORMAT, Attribute, CodebookFile, CodeEntry, plain
from parihs.codebook.checks import Problem, faults, refuse
from parihs.codebook.nodes import NodeReader

MAX_BYTES = 4_000_000
"""More than any codebook needs; a larger file is something else."""

_BOOK_KEYS = ["format", *(item.name for item in fields(CodebookFile))]
_CODE_KEYS = [item.name for item in fields(CodeEntry)]
_ATTRIBUTE_KEYS = [item.name for item in fields(Attribute)]
_WIDTH = 98


class _Loader(yaml.SafeLoader):
    """Composes nodes and refuses aliases: a codebook has no use for them, a hostile file has."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise ComposerError(None, None, "aliases (*name) are not used in codebooks", mark)
        return super().compose_node(parent, index)


def load(path: Path | str) -> CodebookFile:
    """Read a codebook file.

    Raises ParihsError listing every problem as ``FILE:LINE: code 'id': …`` when there is any.
    """
    book, problems = _read(Path(path))
    if book is None:
        raise refuse(str(path), problems)
    return book


def validate(path: Path | str) -> list[Problem]:
    """All problems of a codebook file in line order; empty when it can be loaded."""
    return _read(Path(path))[1]


def parse(text: str, file: str = "codebook.yaml") -> tuple[CodebookFile | None, list[Problem]]:
    """Read a codebook from text: the book and no problems, or None and all of them."""
    reader = NodeReader(file)
    root = _compose(reader, text)
    if root is None:
        return None, reader.problems
    book = _book(reader, root)
    if reader.problems:
        return None, sorted(reader.problems, key=lambda problem: problem.line)
    return book, []


def write_yaml(book: CodebookFile) -> str:
    """The codebook as YAML text with a blank line between codes; ``parse`` gives the same book."""
    head: dict[str, Any] = {"format": FORMAT}
    for item in fields(CodebookFile):
        value = getattr(book, item.name)
        if item.name != "codes" and value:
            head[item.name] = plain(value)
    if book.attributes:
        head["attributes"] = [_filled(attribute) for attribute in book.attributes]
    if book.crosswalk:
        head["crosswalk"] = {
            name: {key: plain(to[0] if len(to) == 1 else to) for key, to in pairs.items()}
            for name, pairs in book.crosswalk.items()
        }
    codes = "\n".join(_dump([_filled(entry)]) for entry in book.codes)
    return f"{_dump(head)}codes:\n{codes}"


def _read(path: Path) -> tuple[CodebookFile | None, list[Problem]]:
    file = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, [Problem(file, 1, None, "the file is too large to be a codebook")]
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "unknown reason"
        return None, [Problem(file, 1, None, f"the file cannot be read ({reason})")]
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return None, [Problem(file, line, None, "this is not UTF-8 text; save it as UTF-8")]
    return parse(text, file)


def _compose(reader: NodeReader, text: str) -> Node | None:
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reader.note(line, "there is a character that YAML does not allow")
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "it cannot be read"
        reader.note(mark.line + 1 if mark else 1, f"this is not YAML: {reason}")
        return None
    except RecursionError:
        reader.note(1, "this is not a codebook: its values are nested too deeply")
        return None
    if root is None:
        reader.note(1, "the file is empty")
    return root


def _book(reader: NodeReader, root: Node) -> CodebookFile:
    found = reader.fields(root, _BOOK_KEYS, ("id", "name", "codes"), "a codebook")
    written = reader.line(found.get("format"), "format")
    if written not in ("", FORMAT):
        reader.note(found["format"], f"this parihs reads the format {FORMAT}, not {written}")
    sources = _texts(reader, found.get("sources"), "sources")
    codes = _codes(reader, found.get("codes"), sources)
    code_ids = {entry.id for entry in codes}
    return CodebookFile(
        id=reader.line(found.get("id"), "id"),
        name=reader.line(found.get("name"), "name"),
        codes=codes,
        version=reader.line(found.get("version"), "version") or "1.0.0",
        language=reader.line(found.get("language"), "language") or "en-GB",
        licence=reader.text(found.get("licence"), "licence"),
        note=reader.text(found.get("note"), "note"),
        attributes=_attributes(reader, found.get("attributes")),
        rules=reader.lines(found.get("rules"), "rules"),
        crosswalk=_crosswalk(reader, found.get("crosswalk"), code_ids),
        sources=sources,
        checked=reader.text(found.get("checked"), "checked"),
    )


def _codes(
    reader: NodeReader, node: Node | None, sources: Mapping[str, str]
) -> tuple[CodeEntry, ...]:
    nodes = reader.items(node, "codes")
    if isinstance(node, SequenceNode) and not nodes:
        reader.note(node, "a codebook needs at least one code")
    read: list[tuple[CodeEntry, dict[str, Node], Node]] = []
    for number, item in enumerate(nodes, start=1):
        reader.code = _id_of(item) or f"number {number}"
        keys = reader.fields(item, _CODE_KEYS, ("id", "name"), "a code")
        read.append((_code(reader, keys), keys, item))
    entries = tuple(entry for entry, _, _ in read)
    for fault in faults(entries, sources, lambda index: f"line {_line(read[index][2])}"):
        entry, keys, item = read[fault.index]
        reader.code = entry.id or f"number {fault.index + 1}"
        reader.note(keys.get(fault.field, item), fault.message)
    reader.code = None
    return entries


def _id_of(node: Node) -> str:
    """The id a code gives itself, to name it in problems even where the rest is unreadable."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == "id" and isinstance(value, ScalarNode):
                return str(value.value).strip()
    return ""


def _code(reader: NodeReader, found: Mapping[str, Node]) -> CodeEntry:
    return CodeEntry(
        id=reader.line(found.get("id"), "id"),
        name=reader.line(found.get("name"), "name"),
        parent=reader.line(found.get("parent"), "parent") or None,
        origin=reader.line(found.get("origin"), "origin") or "framework",
        definition=reader.text(found.get("definition"), "definition"),
        when_to_use=reader.text(found.get("when_to_use"), "when_to_use"),
        when_not=reader.text(found.get("when_not"), "when_not"),
        example=reader.text(found.get("example"), "example"),
        enabling=reader.lines(found.get("enabling"), "enabling"),
        constraining=reader.lines(found.get("constraining"), "constraining"),
        rate_valence=reader.flag(found.get("rate_valence"), "rate_valence", True),
        source=reader.lines(found.get("source"), "source"),
        checked=reader.text(found.get("checked"), "checked"),
        colour=reader.line(found.get("colour"), "colour") or None,
    )


def _attributes(reader: NodeReader, node: Node | None) -> tuple[Attribute, ...]:
    read: list[Attribute] = []
    for item in reader.items(node, "attributes"):
        found = reader.fields(item, _ATTRIBUTE_KEYS, ("id", "name"), "an attribute")
        read.append(
            Attribute(
                id=reader.line(found.get("id"), "id"),
                name=reader.line(found.get("name"), "name"),
                values=reader.lines(found.get("values"), "values"),
                labels=_texts(reader, found.get("labels"), "labels"),
                extra=reader.lines(found.get("extra"), "extra"),
                scope=reader.line(found.get("scope"), "scope") or "coding",
            )
        )
    return tuple(read)


def _crosswalk(
    reader: NodeReader, node: Node | None, code_ids: set[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    if node is None:
        return {}
    read: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, (_, pairs_node) in reader.pairs(node, "crosswalk").items():
        read[name] = {}
        for key, (key_node, to) in reader.pairs(pairs_node, f"crosswalk to {name}").items():
            for code in key.split("+"):
                if code.strip().removesuffix(".*") not in code_ids:
                    reader.note(key_node, f"crosswalk to {name}: there is no code '{code.strip()}'")
            read[name][key] = reader.one_or_more(to, key)
    return read


def _texts(reader: NodeReader, node: Node | None, what: str) -> dict[str, str]:
    if node is None:
        return {}
    return {key: reader.text(value, key) for key, (_, value) in reader.pairs(node, what).items()}


def _filled(thing: Attribute | CodeEntry) -> dict[str, Any]:
    """Fields that say something; a missing parent and a rated valence are written out as well."""
    return {
        item.name: plain(getattr(thing, item.name))
        for item in fields(thing)
        if getattr(thing, item.name) or item.name in ("parent", "rate_valence")
    }


def _dump(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
