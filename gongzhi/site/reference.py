"""Writes the reference pages from the code, or says which of them no longer tell the truth."""

import os
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from gongzhi.declare import Mechanism, registry
from gongzhi.declare.picture import draw
from gongzhi.site.config import Config, variable

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


def configuration() -> str:
    """docs/reference/configuration.md."""
    rows = [
        f"| `{variable(f.name)}` | {_default(f.default)} | {f.metadata['means']}"
        f"{' **Secret.**' if f.metadata['secret'] else ''} |"
        for f in fields(Config)
    ]
    return "\n".join(
        [
            "# Configuration",
            "",
            "Made by `make docs` from `gongzhi/site/config.py`; do not edit.",
            "",
            "All settings are environment variables. They are checked at start: a wrong or",
            "unknown `GONGZHI_` variable stops the start with a sentence that names it. No",
            "secret has a default. Where no database is named, `gongzhi run` starts the",
            "embedded one and makes keys for it, readable by its owner alone, in",
            "`GONGZHI_HOME`; `gongzhi keys` prints fresh ones for every other installation.",
            "",
            "| Variable | Default | Meaning |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _default(value: object) -> str:
    if isinstance(value, bool):
        return f"`{int(value)}`"
    return f"`{value}`" if value != "" else "none"


def picture(mechanism: Mechanism) -> str:
    """docs/reference/<mechanism>.svg: its states and acts."""
    return draw(mechanism).replace("currentColor", "#444444") + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "configuration.md": configuration,
    "mediation.svg": lambda: picture(registry.get("mediation")),
}


def stale() -> list[str]:
    """Pages that differ from what the code says now."""
    return [
        name
        for name, page in PAGES.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != page()
    ]


def write() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    import django

    # Declarations name their forms, and forms want settings; no database is asked.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")
    django.setup()
    if "--check" not in sys.argv:
        write()
    elif found := stale():
        sys.exit(f"docs/reference/{', '.join(found)}: not what the code says; run `make docs`.")
