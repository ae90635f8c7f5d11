"""Fills a letter's text with what is known of a case; the text is Jinja in a narrow sandbox.

What is filled in never becomes part of the text: the text gets a mark for each value, is read as
Markdown, and the values take the marks' places afterwards.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from traceback import extract_tb
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

from gongzhi.documents.tree import Node

# From the private use area of Unicode, which no letter's text may hold.
OPENS, CLOSES, GOES = "\ue000", "\ue001", "\ue002"
MARK = re.compile(f"{OPENS}(\\d+){CLOSES}")
LONGEST = 20_000
WITHIN = 2  # a loop in a loop, no deeper
LOOP = {"index", "first", "last"}
FILTERS = {"join", "length"}
# Everything else that Jinja can do (macros, includes, arithmetic, calls) has no place in a letter.
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem,
    nodes.Const, nodes.If, nodes.For, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Filter, nodes.Concat, nodes.CondExpr, nodes.Call,
)  # fmt: skip
TAG_LINE = re.compile(r"^[ \t]*(?:\{%.*?%\}[ \t]*)+$")

Block = Callable[..., tuple[Node, ...]]


class TextRefused(Exception):
    """A letter's text that cannot be filled; says where and what to do."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason)

    def __str__(self) -> str:
        if self.line is None:
            return self.reason
        return _("第 %(n)d 行：%(reason)s") % {"n": self.line, "reason": self.reason}


class _Unknown(StrictUndefined):
    """What the text names and nobody knows."""

    @property
    def _undefined_message(self) -> str:
        return _unknown(str(self._undefined_name))


def _unknown(name: str) -> str:
    return _("没有叫“%(name)s”的内容，请从内容一览中选。") % {"name": name}


def unfillable(error: TextRefused) -> str:
    """For whoever wanted the letter, and cannot change its text."""
    said = _("这份文书的文本有问题，没有生成。请告诉系统管理员：%(error)s")
    return said % {"error": error}


@dataclass
class Filled:
    """The text with marks, and what stands for each: words, or nodes of a named block."""

    markdown: str = ""
    values: list[str | tuple[Node, ...]] = field(default_factory=list)


class _Sandbox(SandboxedEnvironment):
    """Knows plain values by name: no attribute of any object, no function but the named blocks."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        by_name = isinstance(obj, Mapping) and argument in obj
        by_place = isinstance(obj, list) and isinstance(argument, int) and argument < len(obj)
        if by_name or by_place:
            return obj[argument]
        return self.undefined(obj=obj, name=argument)


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _fill_in(filled: Filled, value: Any) -> str:
    """A mark instead of the value. A block stands by itself, whatever surrounds it."""
    if isinstance(value, bool | list | dict | LoopContext):
        raise TextRefused(_("这里要写到具体的一项，例如 {{ applicant.names }}。"))
    if isinstance(value, _Unknown):
        raise UndefinedError(value._undefined_message)
    filled.values.append(value if isinstance(value, tuple) else _said(value))
    mark = f"{OPENS}{len(filled.values) - 1}{CLOSES}"
    return f"\n\n{mark}\n\n" if isinstance(value, tuple) else mark


def _wrong(node: nodes.Node, blocks: Mapping[str, Block]) -> str:
    """Why this part of the text is not allowed; empty if it is."""
    if not isinstance(node, ALLOWED):
        return _("这里只能写内容、判断（if）和重复（for），不能写别的命令。")
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return _("不能用“%(name)s”。") % {"name": node.name}
    if isinstance(node, nodes.Call):
        named = node.node.name if isinstance(node.node, nodes.Name) else ""
        if named not in blocks or node.kwargs or node.dyn_args or node.dyn_kwargs:
            known = "、".join(f"{name}()" for name in blocks)
            return _("只能用这些版块：%(known)s。") % {"known": known}
    return ""


def _walk(node: nodes.Node, loops: int = 0) -> Iterator[tuple[nodes.Node, int]]:
    yield node, loops
    deeper = loops + isinstance(node, nodes.For)
    for child in node.iter_child_nodes():
        yield from _walk(child, deeper)


def _check(tree: nodes.Template, facts: Mapping[str, Any], blocks: Mapping[str, Block]) -> None:
    """Also what stands in a branch that is seldom taken. Raises TextRefused."""
    own = {n.target.name for n in tree.find_all(nodes.For) if isinstance(n.target, nodes.Name)}
    for node, loops in _walk(tree):
        if reason := _wrong(node, blocks):
            raise TextRefused(reason, node.lineno)
        if loops > WITHIN:
            raise TextRefused(_("重复（for）里面最多再套一层。"), node.lineno)
        if isinstance(node, nodes.Name) and node.name not in {*own, *facts, *blocks, "loop"}:
            raise TextRefused(_unknown(node.name), node.lineno)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            known = facts.get(node.node.name)
            if node.node.name in own or node.node.name == "loop":
                continue
            if not isinstance(known, Mapping) or node.attr not in known:
                raise TextRefused(_unknown(f"{node.node.name}.{node.attr}"), node.lineno)


def _blocks_alone(text: str, blocks: Mapping[str, Block]) -> None:
    """A block within a sentence would tear it apart. Raises TextRefused."""
    called = re.compile(r"\{\{\s*(?:" + "|".join(blocks) + r")\s*\(.*?\)\s*\}\}")
    for n, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r"\{%.*?%\}", "", line).strip()
        if called.search(bare) and not called.fullmatch(bare):
            raise TextRefused(_("版块要单独占一行。"), n)


def _line_of(error: BaseException) -> int | None:
    lines = [f.lineno for f in extract_tb(error.__traceback__) if f.filename == "<template>"]
    return lines[-1] if lines else None


def _marked(text: str) -> str:
    """A line of tags alone leaves no line behind, so that rows of a table stay together: its end
    is marked, and goes when the text is filled. The count of lines stays right."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line + GOES if TAG_LINE.match(line) else line for line in lines)


def fill(text: str, facts: Mapping[str, Any], blocks: Mapping[str, Block]) -> Filled:
    """The text as Markdown with marks. Raises TextRefused."""
    if len(text) > LONGEST:
        raise TextRefused(_("文本太长，最多 %(n)d 个字。") % {"n": LONGEST})
    if {OPENS, CLOSES, GOES} & {*text}:
        raise TextRefused(_("文本里有不能用的符号，请重新输入。"))
    filled = Filled()
    sandbox = _Sandbox(undefined=_Unknown, finalize=partial(_fill_in, filled))
    try:
        _blocks_alone(text, blocks)
        source = _marked(text)
        _check(sandbox.parse(source), facts, blocks)
        made = sandbox.from_string(source).render({**facts, **blocks})
        filled.markdown = made.replace(f"{GOES}\n", "").replace(GOES, "")
    except TextRefused as refused:
        refused.line = refused.line or _line_of(refused)
        raise
    except TemplateSyntaxError as error:
        reason = _("写法看不懂：{{ … }}、{% … %} 要成对，if 要有 endif，for 要有 endfor。")
        raise TextRefused(reason, error.lineno) from None
    except (TemplateError, TypeError, ValueError) as error:
        raise TextRefused(str(error), _line_of(error)) from None
    return filled
