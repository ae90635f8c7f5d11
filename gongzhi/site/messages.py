"""Both languages: finds what is said in Chinese, and compiles the English for it.

Babel reads and writes the catalogs, so that no gettext programs are needed. Each part keeps its
English in its own locale/; run `python -m gongzhi.site.messages extract` after changing words.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extracted
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PARTS = Path(__file__).resolve().parents[1]
SINGLE = ("_", "gettext", "gettext_lazy", "gettext_noop")
COUNTED = ("ngettext", "ngettext_lazy")
IN_CONTEXT = ("pgettext", "pgettext_lazy")
DECLARED = {"State", "Role", "Act", "Clock", "Document", "Indicator", "Measure", "Mechanism"}
CHINESE = re.compile(r"[\u4e00-\u9fff\u3001\uff08-\uff1b]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
HEADER = "# English of this part."


@dataclass(frozen=True, slots=True)
class Said:
    """One message: its Chinese (twice where a number is counted), and its context."""

    words: str | tuple[str, str]
    context: str | None = None

    @property
    def text(self) -> str:
        return self.words if isinstance(self.words, str) else self.words[0]


def parts() -> list[Path]:
    """Every package that may carry a catalog of its own."""
    mechanisms = [p for p in (PARTS / "mechanisms").iterdir() if (p / "apps.py").exists()]
    plain = [p for p in PARTS.iterdir() if (p / "__init__.py").exists() and p.name != "mechanisms"]
    return sorted([*plain, *mechanisms])


def catalog_path(part: Path, locale: str = "en") -> Path:
    # Declarations are no app of Django's: the kernel keeps their few words.
    if part.name == "declare":
        part = part.with_name("cases")
    return part / "locale" / locale / "LC_MESSAGES" / "django.po"


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _marked(tree: ast.Module) -> Iterator[Said]:
    """What is given to gettext."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = [_literal(argument) for argument in node.args]
        if name in SINGLE and given:
            yield Said(given[0])
        elif name in COUNTED:
            yield Said((given[0], given[1]))
        elif name in IN_CONTEXT:
            yield Said(given[1], given[0])


def _strings(node: ast.AST) -> Iterator[Said]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield Said(inner.value)


def _declared(tree: ast.Module) -> Iterator[Said]:
    """Labels of declarations: the second argument; formulas and categories by name."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in DECLARED:
            for argument in node.args[1:2]:
                yield from _strings(argument)
            for keyword in node.keywords:
                if keyword.arg in {"label", "formula", "categories", "tasks", "law", "source"}:
                    yield from _strings(keyword.value)


def _messages_of_exceptions(tree: ast.Module) -> Iterator[Said]:
    """An exception's docstring is its message to the user; ours for developers are in English."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            docstring = ast.get_docstring(node) or ""
            if CHINESE.match(docstring):
                yield Said(docstring)


def _of_python(path: Path) -> Iterator[Said]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _marked(tree)
    yield from _declared(tree)
    yield from _messages_of_exceptions(tree)


def _of_template(path: Path) -> Iterator[Said]:
    # Here, since whoever only compiles has no need of Django.
    from django.utils.translation.template import templatize

    # In brackets, since a template's indentation is none of Python's business.
    source = f"({templatize(path.read_text(encoding='utf-8'))})".encode()
    keywords = {**dict.fromkeys(SINGLE), "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
    for _line, words, _comments, context in extracted("python", BytesIO(source), keywords):
        yield Said((words[0], words[1]) if isinstance(words, tuple) else words, context)


def said_in(part: Path) -> list[Said]:
    """Every Chinese message of a part, each once."""
    found: dict[tuple[str, str | None], Said] = {}
    for path in sorted(part.rglob("*")):
        inside = path.relative_to(part).parts
        if {"tests", "migrations"} & set(inside):
            continue
        messages: Iterator[Said] = iter(())
        if path.suffix == ".py":
            messages = _of_python(path)
        elif path.suffix in {".html", ".txt"} and "templates" in inside:
            messages = _of_template(path)
        for said in messages:
            # A message that is counted somewhere must be counted in the catalog.
            if CHINESE.search(said.text) and not isinstance(
                found.get((said.text, said.context), Said("")).words, tuple
            ):
                found[said.text, said.context] = said
    return list(found.values())


def _catalogs() -> dict[Path, list[Said]]:
    """Each catalog and what belongs in it."""
    found: dict[Path, list[Said]] = {}
    for part in parts():
        found.setdefault(catalog_path(part), []).extend(said_in(part))
    return {path: said for path, said in found.items() if said}


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def _english(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _fits(message: Message | None, said: Said) -> bool:
    """Whether a translation exists in the form (single or counted) that is asked for."""
    return message is not None and isinstance(message.string, tuple | list) == isinstance(
        said.words, tuple
    )


def _filled(said: list[Said], before: Catalog, elsewhere: list[Catalog]) -> Catalog:
    """The new catalog; what is translated here or in another part need not be done again."""
    after = Catalog(locale="en", fuzzy=False, header_comment=HEADER)
    for one in said:
        known = (catalog.get(one.text, one.context) for catalog in (before, *elsewhere))
        done = [m for m in known if m is not None and _fits(m, one) and any(_english(m))]
        empty: str | tuple[str, str] = "" if isinstance(one.words, str) else ("", "")
        string = done[0].string if done else empty
        flags = done[0].flags & {"fuzzy"} if done else ()
        after.add(one.words, string, flags=flags, context=one.context)
    return after


def _write(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, catalog, no_location=True, sort_output=True, width=100)
    # Dates and tool names would change with every run and say nothing.
    kept = [
        line
        for line in out.getvalue().decode().splitlines()
        if not re.match(r'"(POT?-|Project-|Report-|Last-|Language-Team|Generated-)', line)
    ]
    path.write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")


def extract() -> None:
    """Bring every catalog up to date; what was translated stays."""
    catalogs = _catalogs()
    before = {path: _read(path) for path in catalogs}
    for path, said in catalogs.items():
        elsewhere = [catalog for other, catalog in before.items() if other != path]
        _write(path, _filled(said, before[path], elsewhere))


def _wrong(message: Message | None, said: Said) -> str:
    """What is wrong with a translation; nothing if it is complete."""
    if message is None or not _fits(message, said):
        return "not in the catalog"
    english = _english(message)
    if not all(english):
        return "no English"
    if "fuzzy" in message.flags:
        return "fuzzy"
    # In the singular a number may be left out ("one day").
    if set(PLACEHOLDER.findall(english[-1])) != set(PLACEHOLDER.findall(said.text)):
        return "placeholders differ"
    return ""


def missing() -> list[str]:
    """What has no proper English yet, as `part: message: what is wrong`."""
    found = []
    for path, messages in _catalogs().items():
        catalog = _read(path)
        for said in messages:
            wrong = _wrong(catalog.get(said.text, said.context), said)
            if wrong:
                found.append(f"{path.parents[3].name}: {said.text}: {wrong}")
    return found


def differing() -> list[str]:
    """Chinese that two parts translate differently: the reader would see either one."""
    seen: dict[tuple[str, str | None], dict[str, str]] = {}
    for path in _catalogs():
        for message in _read(path):
            if message.id and message.string:
                text = message.id if isinstance(message.id, str) else message.id[0]
                ways = seen.setdefault((text, message.context), {})
                ways[path.parents[3].name] = str(message.string)
    return [f"{text}: {ways}" for (text, _c), ways in seen.items() if len({*ways.values()}) > 1]


def _as_it_is(catalog: Catalog) -> Catalog:
    """Chinese for Chinese: where English is the first language, Django falls back to that."""
    same = Catalog(locale="zh_Hans", fuzzy=False)
    for message in catalog:
        if not message.id:
            continue
        if isinstance(message.id, str):
            same.add(message.id, message.id, context=message.context)
        else:
            same.add(message.id, (message.id[0],), context=message.context)
    return same


def _translated(catalog: Catalog) -> Catalog:
    """Without what is not done yet, which is better shown in Chinese than as nothing."""
    done = Catalog(locale=catalog.locale, fuzzy=False)
    for message in catalog:
        if message.id and all(_english(message)):
            done.add(message.id, message.string, flags=message.flags, context=message.context)
    return done


def _compile(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def compile_all() -> None:
    """Make the compiled catalogs that Django reads."""
    for part in parts():
        path = catalog_path(part)
        if path.exists():
            catalog = _read(path)
            _compile(path, _translated(catalog))
            _compile(catalog_path(part, "zh_Hans"), _as_it_is(catalog))


if __name__ == "__main__":
    {"extract": extract, "compile": compile_all}[sys.argv[1]]()
