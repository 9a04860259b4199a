"""The text of the book that readers see, wherever it is typed.

Markdown is read with the book's own parser: prose, headings, list items, table cells, link texts,
titles, captions, alternative texts and front matter are kept; names and formulas (roles, code,
link targets, citation keys, mathematics, comments) are blanked. Python is read with ``ast``: the
literal parts of strings that are given to a parameter, key or name such as ``title`` or
``caption``. Text built in other ways (a list filled in a loop) is out of scope.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import yaml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.options import TokenizeError, options_to_items

from .numerals import Located, Text

EXTENSIONS = {"colon_fence", "deflist", "dollarmath", "attrs_inline"}
PARSER = create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)
TEXT_ROLES = {"abbr", "attribution", "dfn", "emphasis", "guilabel", "kbd", "strong", "term"}
NAME_ROLES = {"cite", "eq", "math", "raw"}
LITERAL_DIRECTIVES = {
    "bibliography",
    "code",
    "code-block",
    "code-cell",
    "include",
    "literalinclude",
    "math",
    "sourcecode",
    "toctree",
    "verdicts",
}
NAMED_DIRECTIVES = {
    "data-table",
    "display",
    "figure",
    "figure-md",
    "glue",
    "image",
    "include",
    "math",
    "only",
    "raw",
}
TEXT_OPTIONS = {"alt", "caption", "header", "heading", "subtitle", "title"}
SHOWN_ATTRIBUTES = ("alt", "title", "caption", "aria-label")
SETTINGS = {
    "enable_extensions",
    "execution",
    "file_format",
    "heading_anchors",
    "jupytext",
    "kernelspec",
    "mystnb",
    "orphan",
}
TEXT_KEYWORDS = {
    "alt",
    "answer",
    "caption",
    "claim",
    "description",
    "finding",
    "footnote",
    "header",
    "heading",
    "label",
    "labels",
    "legend",
    "note",
    "notes",
    "question",
    "reason",
    "source",
    "subtitle",
    "text",
    "title",
    "tooltip",
    "verdict",
}
TEXT_CALLS = {"html", "markdown", "subtitle", "title", "titleparams"}
PASSING_CALLS = {"cleandoc", "dedent", "format", "join", "value"} | TEXT_CALLS
FRAME_CALLS = {"DataFrame", "rename"}
NAME_LIKE = re.compile(r"(?=.*[_.:])[A-Za-z][\w.:/-]*\w|[a-z-]+\d{4}[a-z]?")

Parts = list[tuple[str, bool]]


def book_texts(root: Path) -> Iterator[Located]:
    """Every text of the modules, the book's settings, its pages and its chapters under a root."""
    modules = {path: path.read_text("utf-8") for path in sorted(root.glob("analysis/**/*.py"))}
    signatures = text_parameters(modules.values())
    for path, source in modules.items():
        yield from _located(path, root, python_texts(source, signatures))
    for path in sorted(root.glob("_*.yml")):
        settings = yaml.safe_load(path.read_text("utf-8"))
        yield from _located(path, root, _shown_values(settings, shown=False))
    for path in sorted((root / "book").rglob("*.md")):
        yield from _located(path, root, markdown_texts(path.read_text("utf-8")))
    for path in sorted((root / "book").rglob("*.ipynb")):
        for number, cell in enumerate(nbformat.read(path, as_version=4).cells, start=1):
            yield from _located(path, root, _shown_values(cell.metadata, shown=False), number)
            if cell.cell_type == "markdown":
                yield from _located(path, root, markdown_texts(cell.source), number)
            elif cell.cell_type == "code":
                yield from _located(path, root, python_texts(cell.source, signatures), number)


def _located(
    path: Path, root: Path, texts: Iterable[Text], cell: int | None = None
) -> Iterator[Located]:
    return (Located(path.relative_to(root).as_posix(), text, cell) for text in texts)


def markdown_texts(source: str, line: int = 1) -> Iterator[Text]:
    """The texts that a MyST Markdown source shows, a block each; its first line is ``line``."""
    at = line
    for token in PARSER.parse(source):
        at = line + token.map[0] if token.map else at
        yield from _attributes(token.attrs, at)
        if token.type == "inline":
            yield from _inline(token.children or [], at)
        elif token.type in ("fence", "colon_fence"):
            yield from _directive(token, at)
        elif token.type == "html_block":
            yield from _html(token.content, at)
        elif token.type == "front_matter":
            yield from _shown_values(yaml.safe_load(token.content), shown=True)


def _line_of_text(source: str, line: int) -> Iterator[Text]:
    """A title, caption or alternative text: inline Markdown."""
    for token in PARSER.parseInline(source):
        yield from _inline(token.children or [], line)


def _attributes(attributes: Mapping[str, Any], line: int) -> Iterator[Text]:
    for name in SHOWN_ATTRIBUTES:
        if value := attributes.get(name):
            yield Text(str(value), str(value), line)


def _inline(tokens: Iterable[Token], line: int) -> Iterator[Text]:
    parts: Parts = []
    asides: list[Text] = []
    address = False
    for token in tokens:
        asides += _attributes(token.attrs, line)
        if token.type == "link_open":
            address = token.info == "auto"
        elif token.type == "link_close":
            address = False
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(("\n", True))
        elif token.type == "text":
            pieces = re.split(r"(https?://\S+)", token.content)
            parts += [(piece, not (address or n % 2)) for n, piece in enumerate(pieces)]
        elif token.type == "image":
            asides += _inline(token.children or [], line)
        elif token.type == "html_inline":
            asides += _html(token.content, line)
            parts.append((" ", True))
        elif token.type == "myst_role":
            parts += _role(token.meta["name"], token.content)
        elif token.type.startswith("math"):
            parts.append((f"${token.content}$", not re.search("[A-Za-z]", token.content)))
        elif token.content:
            parts.append((f"`{token.content}`", False))
    yield Text.of(parts, line)
    yield from asides


def _role(name: str, content: str) -> Parts:
    """A role's body is a name, except the words before a ``<target>`` and in roles of text."""
    target = re.fullmatch(r"(.*?)(\s*<[^<>]*>)", content, re.DOTALL)
    if name.partition(":")[0] in NAME_ROLES or not (target or name in TEXT_ROLES):
        return [(f"{{{name}}}`{content}`", False)]
    if target and name not in TEXT_ROLES:
        return [(target[1], True), (target[2], False)]
    return [(content, True)]


def _directive(token: Token, line: int) -> Iterator[Text]:
    """What a directive shows: its argument, its options of text, and its body as Markdown."""
    opening = re.match(r"\{([^}]+)\}\s*(.*)", token.info)
    if not opening:
        return
    name, argument = opening.groups()
    named = name.partition(":")[0] in NAMED_DIRECTIVES | LITERAL_DIRECTIVES
    if not named and not NAME_LIKE.fullmatch(argument):
        yield from _line_of_text(argument, line)
    options, body = _split_options(token.content)
    for option, value in options.items():
        if option in TEXT_OPTIONS:
            yield from _line_of_text(value, line)
    below = line + 1 + token.content.count("\n") - body.count("\n")
    if name == "raw":
        yield from _html(body, below)
    elif name not in LITERAL_DIRECTIVES:
        yield from markdown_texts(body, below)


def _split_options(content: str) -> tuple[dict[str, str], str]:
    """The options of a directive, in either notation of MyST, and the body beneath them."""
    if block := re.match(r"\s*---\n(.*?)(?:^---(?:\n|$)|\Z)", content, re.DOTALL | re.MULTILINE):
        lines = block[1]
    elif block := re.match(r"(?:[^\S\n]*:[^\n]*(?:\n|$))+", content):
        lines = re.sub(r"^\s*:", "", block[0], flags=re.MULTILINE)
    else:
        return {}, content
    try:
        return dict(options_to_items(lines)[0]), content[block.end() :]
    except TokenizeError:
        return {}, content


class _PageText(HTMLParser):
    """Collects the text and the shown attributes of a piece of HTML."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line, self.silent = line, False
        self.parts: Parts = []
        self.texts: list[Text] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style")
        self.texts += _attributes(dict(attrs), self.line)

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        self.parts.append((data, not self.silent))


def _html(source: str, line: int) -> list[Text]:
    page = _PageText(line)
    page.feed(source)
    page.close()
    return [*page.texts, Text.of(page.parts, line)]


def _shown_values(value: Any, *, shown: bool) -> Iterator[Text]:
    """The values of nested metadata: all but machine settings, or those under a key of text."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            setting = key in SETTINGS
            yield from _shown_values(item, shown=key in TEXT_KEYWORDS or (shown and not setting))
    elif isinstance(value, list):
        for item in value:
            yield from _shown_values(item, shown=shown)
    elif shown and isinstance(value, str | int | float) and not isinstance(value, bool):
        yield from _line_of_text(str(value), 1)


def text_parameters(sources: Iterable[str]) -> dict[str, list[str]]:
    """Parameters, in order, of the functions and data classes that take a text by position."""
    found: dict[str, list[str]] = {}
    for node in (node for source in sources for node in _nodes(source)):
        if isinstance(node, ast.ClassDef):
            fields = [item.target for item in node.body if isinstance(item, ast.AnnAssign)]
            found[node.name] = [item.id for item in fields if isinstance(item, ast.Name)]
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = [item.arg for item in node.args.args if item.arg != "self"]
    return {name: names for name, names in found.items() if any(map(_names_text, names))}


def python_texts(source: str, signatures: Mapping[str, list[str]] | None = None) -> Iterator[Text]:
    """The literal text that Python code gives to parameters, keys and names of text."""
    seen: set[ast.expr] = set()
    for node in _nodes(source):
        for value, keys in _text_values(node, signatures or {}):
            for literal, text in _literals(value, keys):
                if literal not in seen:
                    seen.add(literal)
                    yield text


def _nodes(source: str) -> Iterator[ast.AST]:
    """The syntax tree of a module or of a cell, which may hold lines for IPython."""
    return ast.walk(ast.parse(re.sub(r"^[%!].*", "", source, flags=re.MULTILINE)))


def _names_text(name: str) -> bool:
    return name.lower() in TEXT_KEYWORDS or name.lower().rpartition("_")[2] in TEXT_KEYWORDS


def _text_values(
    node: ast.AST, signatures: Mapping[str, list[str]]
) -> Iterator[tuple[ast.expr, bool]]:
    """Expressions that a node uses as text, and whether their dictionary keys are shown too."""
    match node:
        case ast.keyword(arg=str(name), value=value) if _names_text(name):
            yield value, False
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and _names_text(str(key.value)):
                    yield value, False
        case ast.Assign() | ast.AnnAssign() if node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [getattr(item, "id", getattr(item, "attr", "")) for item in targets]
            if any(map(_names_text, names)):
                yield node.value, False
        case ast.FunctionDef():
            with_default = node.args.args[len(node.args.args) - len(node.args.defaults) :]
            defaults = [
                *zip(with_default, node.args.defaults, strict=True),
                *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
            ]
            yield from (
                (value, False) for item, value in defaults if value and _names_text(item.arg)
            )
        case ast.Call():
            name = _called(node)
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            if name in FRAME_CALLS:
                yield from ((value, name == "DataFrame") for value in given)
            elif name.lower() in TEXT_CALLS:
                yield from ((value, False) for value in node.args)
            else:
                positional = zip(node.args, signatures.get(name, ()), strict=False)
                yield from ((value, False) for value, item in positional if _names_text(item))


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _literals(node: ast.expr, keys: bool) -> Iterator[tuple[ast.expr, Text]]:
    """The literal strings that an expression may evaluate to."""
    inner: list[ast.expr | None] = []
    match node:
        case ast.Constant(value=str(text)):
            yield node, Text.of([(text, not NAME_LIKE.fullmatch(text))], node.lineno)
        case ast.JoinedStr():
            parts: Parts = []
            for item in node.values:
                if isinstance(item, ast.FormattedValue):
                    parts.append((f"{{{ast.unparse(item.value)}}}", False))
                    inner.append(item.value)
                elif isinstance(item, ast.Constant):
                    parts.append((str(item.value), True))
            yield node, Text.of(parts, node.lineno)
        case ast.BinOp():
            inner += [node.left, node.right]
        case ast.IfExp():
            inner += [node.body, node.orelse]
        case ast.BoolOp():
            inner += node.values
        case ast.List() | ast.Tuple() | ast.Set():
            inner += node.elts
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
            inner.append(node.elt)
        case ast.DictComp():
            inner += [node.value, *([node.key] if keys else [])]
        case ast.Dict():
            inner += [*node.values, *(node.keys if keys else [])]
        case ast.Starred() | ast.NamedExpr() | ast.Subscript():
            inner.append(node.value)
        case ast.Call() if _called(node).lower() in PASSING_CALLS:
            inner += [getattr(node.func, "value", None), *node.args]
    for item in inner:
        if item is not None:
            yield from _literals(item, keys)
