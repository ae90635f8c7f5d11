"""Files that came with an act which was refused do not stay."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from gongzhi.cases import files
from gongzhi.cases.changes import NewFile, PlaceUnknown
from gongzhi.cases.retention import erase_strays
from gongzhi.cases.testing import begin, make_cast
from gongzhi.cases.tests import toys

pytestmark = pytest.mark.usefixtures("fresh_database")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "FILES", str(tmp_path))
    return tmp_path


def kept(text: str) -> NewFile:
    return files.accept(f"%PDF-1.4\n% {text}\n%%EOF\n".encode())


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.rglob("*") if p.is_file()}


def test_what_no_case_has_goes_after_a_day(folder: Path) -> None:
    make_cast()
    laid, stray = kept("laid to a case"), kept("sent with a report that was refused")
    begin(toys.toy, files=[laid])
    with pytest.raises(PlaceUnknown):
        begin(toys.toy, files=[stray], place="441226999999")
    assert erase_strays(timezone.now()) == 0
    assert erase_strays(timezone.now() + timedelta(days=2)) == 1
    assert names(folder) == {laid.sha256}


def test_a_file_sent_again_today_is_not_old(folder: Path) -> None:
    (path,) = (folder / f"{f[:2]}/{f[2:4]}/{f}" for f in [kept("again").sha256])
    os.utime(path, (0, 0))
    kept("again")
    assert erase_strays(timezone.now()) == 0
    os.utime(path, (0, 0))
    assert erase_strays(timezone.now()) == 1


def test_what_a_crash_left_half_written_goes_too(folder: Path) -> None:
    kept("whole")
    (whole,) = (p for p in folder.rglob("*") if p.is_file())
    half = whole.with_name("new-half")
    half.write_bytes(b"half")
    assert erase_strays(timezone.now()) == 0
    os.utime(half, (0, 0))
    assert erase_strays(timezone.now()) == 0
    assert names(folder) == {whole.name}
