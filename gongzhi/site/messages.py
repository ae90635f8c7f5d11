"""Both languages: finds what is said in Chinese, and compiles the English for it.

No gettext programs are needed: Babel reads and writes the catalogs.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PARTS = Path(__file__).resolve().parents[1]
KEYWORDS = dict.fromkeys(("gettext", "gettext_lazy", "ngettext", "_"))
# The words of a declaration carry their Chinese label second.
DECLARED = re.compile(
    r'\b(?:State|Role|Act|Clock|Document|Indicator|Mechanism)\(\s*"[a-z_]+",\s*"([^"]+)"'
)
PAIRS = re.compile(r'\("[a-z_]+",\s*"([^"]*[\u4e00-\u9fff][^"]*)"\)')
# The docstring of a refusal is what the user is told.
MESSAGE = re.compile(r'class \w+\((?:Refused|PermissionError|Exception)\):\s+"""([^"]+)"""')
FORMULA = re.compile(r'formula="([^"]+)"')


def parts() -> list[Path]:
    """Every package that may carry a catalog of its own."""
    mechanisms = [p for p in (PARTS / "mechanisms").iterdir() if (p / "mechanism.py").exists()]
    plain = [p for p in PARTS.iterdir() if (p / "__init__.py").exists() and p.name != "mechanisms"]
    return sorted([*plain, *mechanisms])


def _first(said: object) -> str:
    """Babel gives a lone message as it is and a plural as a pair."""
    return str(said[0] if isinstance(said, tuple) else said)


def _of_python(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    for _line, _function, said, _comments in extract_python(
        BytesIO(text.encode()), KEYWORDS, [], {"encoding": "utf-8"}
    ):
        yield _first(said)
    if path.name in {"mechanism.py", "linkage.py", "indicators.py", "transition.py"}:
        for pattern in (DECLARED, PAIRS, FORMULA):
            yield from pattern.findall(text)
    yield from MESSAGE.findall(text)


def _of_template(path: Path) -> Iterator[str]:
    from django.utils.translation.template import templatize

    said = templatize(path.read_text(encoding="utf-8"))
    for _line, _function, message, _comments in extract_python(
        BytesIO(said.encode()), KEYWORDS, [], {"encoding": "utf-8"}
    ):
        yield _first(message)


def said_in(part: Path) -> list[str]:
    """Every message of a part, each once."""
    found: dict[str, None] = {}
    for path in sorted(part.rglob("*")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        if path.suffix == ".py":
            found.update(dict.fromkeys(_of_python(path)))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            found.update(dict.fromkeys(_of_template(path)))
    return [m for m in found if m and re.search(r"[\u4e00-\u9fff]", m)]


def catalog_path(part: Path) -> Path:
    return part / "locale" / "en" / "LC_MESSAGES" / "django.po"


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def extract() -> None:
    """Bring every catalog up to date; what was translated stays."""
    for part in parts():
        said, path = said_in(part), catalog_path(part)
        before = _read(path)
        if not said:
            continue
        after = Catalog(locale="en", fuzzy=False, header_comment="# English of this part.")
        for message in said:
            known = before.get(message)
            after.add(message, known.string if known else "", flags=known.flags if known else ())
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, after, no_location=True, omit_header=False, sort_output=True, width=100)
        text = re.sub(r'^"(POT|PO)-[^\n]*\n', "", path.read_text(encoding="utf-8"), flags=re.M)
        path.write_text(text, encoding="utf-8")


def missing() -> list[str]:
    """What has no English yet, as `part: message`."""
    found = []
    for part in parts():
        catalog = _read(catalog_path(part))
        for message in said_in(part):
            known = catalog.get(message)
            if known is None or not known.string or "fuzzy" in known.flags:
                found.append(f"{part.name}: {message}")
            elif set(re.findall(r"%\(\w+\)[sd]", message)) - set(
                re.findall(r"%\(\w+\)[sd]", str(known.string))
            ):
                found.append(f"{part.name}: placeholders differ: {message}")
    return found


def compile_all() -> None:
    """Make the compiled catalogs that Django reads."""
    for part in parts():
        path = catalog_path(part)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, _read(path))


if __name__ == "__main__":
    {"extract": extract, "compile": compile_all}[sys.argv[1]]()
