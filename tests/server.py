"""Gives tests a real PostgreSQL: loaded with `-p`, before Django reads its settings.

GONGZHI_TEST_DATABASE_URL names another server; without it an embedded one runs.
"""

import base64
import os
import shutil
from pathlib import Path

from gongzhi.site import embedded, messages

ROOT = Path(__file__).resolve().parents[1]
KEY = base64.b64encode(b"a key for tests and nothing else"[:32]).decode()
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is this clone's own
ROOM = 2 * 2**30


def _folder() -> Path:
    """In memory where there is room: tests make hundreds of databases, of a thousand files each."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY / f"gongzhi{str(ROOT).replace('/', '_')}"
    return ROOT / ".gongzhi" / "test"


if "PYTEST_XDIST_WORKER" not in os.environ:
    for name in [n for n in os.environ if n.startswith("GONGZHI_") and "TEST" not in n]:
        del os.environ[name]
    given = os.environ.get("GONGZHI_TEST_DATABASE_URL")
    os.environ.update(
        GONGZHI_DATABASE_URL=given or embedded.start(_folder(), fast=True),
        GONGZHI_SECRET_KEY="a secret for tests, which protects nothing",
        GONGZHI_FIELD_KEYS=f"k1:{KEY}",
        GONGZHI_INDEX_KEY=KEY,
        GONGZHI_HOME=str(ROOT / ".gongzhi" / "test"),
        GONGZHI_DEMO="1",
        GONGZHI_LOG_LEVEL="WARNING",
    )
    messages.compile_all()
