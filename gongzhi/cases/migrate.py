"""SQL that is source code: a migration runs the named file as it stands in its folder."""

from pathlib import Path

from django.db.migrations.operations import RunSQL

FOLDER = Path(__file__).parent


def sql(name: str, folder: Path = FOLDER) -> RunSQL:
    """The whole file as one operation. Functions are versioned, so they can be replaced."""
    return RunSQL([(folder / name).read_text(encoding="utf-8").replace("%", "%%")])
