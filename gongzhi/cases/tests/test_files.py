"""Attachments: what they are is seen, what they tell besides is gone, and they are kept whole."""

import hashlib
import io
import os
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from PIL import Image, ImageCms
from pytest_django import Settings

from gongzhi.cases import file_kinds, files, stores
from gongzhi.cases.changes import Refused

ZHAOQING = {1: "N", 2: (23.0, 2.0, 50.0), 3: "E", 4: (112.0, 27.0, 55.0)}
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1 layer III, 128 kbit/s, 44.1 kHz


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES = str(tmp_path / "files")
    return tmp_path / "files"


def photo(size: tuple[int, int] = (60, 40), kind: str = "JPEG", **more: object) -> bytes:
    """Left half red, right half blue."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def tell_tale(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "phone of Zhang San"
    exif.get_ifd(0x8825).update(ZHAOQING)
    return exif


def zipped(*names: str, content: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def sheet() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.save(out)
    return out.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + name + content


def movie(brand: bytes = b"isom") -> bytes:
    where = box(b"udta", box(b"\xa9xyz", b"+23.0472+112.4651/"))
    track = box(b"trak", box(b"tkhd", bytes(84)) + box(b"udta", b"my home"))
    moov = box(b"moov", box(b"mvhd", bytes(100)) + track + where)
    return box(b"ftyp", brand + bytes(4) + b"mp42") + moov + box(b"mdat", b"pictures and sound")


def webm(*codecs: bytes) -> bytes:
    return b"\x1a\x45\xdf\xa3" + b"\x42\x82\x84webm" + b"".join(codecs) + bytes(40)


DOCX = zipped("[Content_Types].xml", "word/document.xml")
WAV = b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + bytes(24)
OGG = b"OggS" + bytes(24) + b"OpusHead" + bytes(40)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (photo(), "image/jpeg"),
        (photo(kind="PNG"), "image/png"),
        (photo(kind="WEBP"), "image/webp"),
        (PDF, "application/pdf"),
        (DOCX, file_kinds.WORD),
        (sheet(), file_kinds.EXCEL),
        (FRAME * 2, "audio/mpeg"),
        (b"ID3\x04" + bytes(60), "audio/mpeg"),
        (movie(b"M4A "), "audio/mp4"),
        (WAV, "audio/wav"),
        (OGG, "audio/ogg"),
        (webm(b"A_OPUS"), "audio/webm"),
        (movie(), "video/mp4"),
        (movie(b"mp42"), "video/mp4"),
    ],
)
def test_the_content_tells_the_kind(content: bytes, kind: str) -> None:
    stored = files.accept(content)
    assert stored.kind == kind
    kept = files.read(stored.sha256)
    assert (stored.size, stored.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空的"),
        (b"<html><script>alert(1)</script>", "请上传照片、PDF"),
        (b"MZ\x90\x00" + bytes(100), "请上传照片、PDF"),
        (b"GIF89a" + bytes(100), "请上传照片、PDF"),
        (zipped("evil.exe"), "请上传照片、PDF"),
        (zipped("word/document.xml"), "请上传照片、PDF"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "请上传照片、PDF"),
        (zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "宏"),
        (DOCX[:-30], "不完整或已损坏"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "另存为"),
        (PDF[:-8], "不完整或已损坏"),
        (box(b"ftyp", b"heic" + bytes(8)), "HEIC"),
        (box(b"ftyp", b"qt  " + bytes(8)), "转成 MP4"),
        (b"RIFF\0\0\0\0AVI LIST", "转成 MP4"),
        (movie()[:-5], "不完整或已损坏"),
        (b"\xff\xfb\x90\x00" + bytes(500), "请上传照片、PDF"),
        (photo()[:200], "照片无法打开"),
        (photo(kind="PNG")[:60], "照片无法打开"),
        (b"\xff\xd8\xff" + bytes(100), "照片无法打开"),
        (b"OggS" + bytes(60), "请上传照片、PDF"),
        (webm(b"V_VP9", b"A_OPUS"), "转成 MP4"),
        (b"\x1a\x45\xdf\xa3" + bytes(60), "请上传照片、PDF"),
    ],
)
def test_a_refusal_says_what_to_do(content: bytes, says: str, folder: Path) -> None:
    with pytest.raises(Refused, match=says):
        files.accept(content)
    assert not folder.exists()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_no_longer_tells_where_and_by_whom(kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    original = photo(kind=kind, exif=tell_tale(), icc_profile=profile)
    assert b"phone of Zhang San" in original
    kept = files.read(files.accept(original).sha256)
    assert b"phone of Zhang San" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert not picture.getexif()
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(picture.info)


def test_a_picture_taken_sideways_is_kept_upright() -> None:
    kept = files.read(files.accept(photo(exif=tell_tale(orientation=6))).sha256)
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (40, 60)
        # 6 means: turn clockwise, so the left half (red) comes to the top.
        top, bottom = picture.getpixel((20, 5)), picture.getpixel((20, 55))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > bottom[0]


def test_what_was_hidden_behind_a_picture_is_gone() -> None:
    stored = files.accept(photo() + zipped("evil.exe"))
    assert b"evil.exe" not in files.read(stored.sha256)


def test_a_transparent_signature_stays_transparent_and_shows_on_white() -> None:
    drawn, out = Image.new("RGBA", (300, 100)), io.BytesIO()
    drawn.paste("black", (100, 40, 200, 60))
    drawn.save(out, "PNG")
    stored = files.accept(out.getvalue())
    with Image.open(io.BytesIO(files.read(stored.sha256))) as picture:
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0)
    with Image.open(io.BytesIO(files.thumbnail(stored.sha256, 150))) as small:
        assert (small.size, small.format) == ((150, 50), "JPEG")
        assert small.getpixel((2, 2)) == (255, 255, 255)


def test_a_large_photo_is_made_smaller_and_a_bomb_is_refused() -> None:
    stored = files.accept(photo((8000, 2000)))
    with Image.open(io.BytesIO(files.read(stored.sha256))) as picture:
        assert picture.size == (4000, 1000)
    for bomb in (photo((8000, 6000), "PNG"), photo((8000, 6000), progressive=True)):
        assert len(bomb) < files.LARGEST_IMAGE
        with pytest.raises(Refused, match="像素太多"):
            files.accept(bomb)


def test_a_recording_no_longer_tells_where_and_keeps_its_length() -> None:
    original = movie()
    kept = files.read(files.accept(original).sha256)
    assert len(kept) == len(original)
    assert b"+23.0472" in original
    assert b"+23.0472" not in kept
    assert b"my home" not in kept
    assert kept.endswith(box(b"mdat", b"pictures and sound"))
    assert kept.index(b"tkhd") == original.index(b"tkhd")


@pytest.mark.parametrize(
    "content",
    [
        box(b"ftyp", b"isom" + bytes(8)) + box(b"free", b"") * 60_000,
        box(b"ftyp", b"isom" + bytes(8)) + (4).to_bytes(4, "big") + b"moov",
        box(b"ftyp", b"isom" + bytes(8)) + (1).to_bytes(4, "big") + b"moov" + b"\xff" * 8,
    ],
)
def test_a_recording_made_to_mislead_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="不完整或已损坏"):
        files.accept(content)


def test_an_archive_that_unpacks_without_end_is_refused() -> None:
    bomb = zipped("[Content_Types].xml", "word/document.xml", content=bytes(160 * files.MEGABYTE))
    assert len(bomb) < files.MEGABYTE
    with pytest.raises(Refused, match="请上传照片、PDF"):
        files.accept(bomb)


class Endless(io.RawIOBase):
    """Gives bytes for ever and counts them."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"x" * size


def test_reading_stops_at_the_limit() -> None:
    stream = Endless()
    with pytest.raises(Refused, match="最多 30 兆"):
        files.accept(stream)  # type: ignore[arg-type]
    assert stream.given < files.LARGEST + 2 * files.CHUNK


def test_a_picture_has_a_smaller_limit() -> None:
    with pytest.raises(Refused, match="最多 20 兆"):
        files.accept(photo() + bytes(files.LARGEST_IMAGE))


def test_a_stream_gives_the_same_as_bytes() -> None:
    large = PDF[:-8] + os.urandom(3 * files.MEGABYTE) + PDF[-8:]
    assert files.accept(io.BytesIO(large)) == files.accept(large)


def test_the_same_file_lies_there_once_and_only_its_owner_reads_it(folder: Path) -> None:
    stored = {files.accept(PDF).sha256 for _ in range(3)}
    (path,) = (p for p in folder.rglob("*") if p.is_file())
    assert stored == {path.name}
    assert path.relative_to(folder).parts[:2] == (path.name[:2], path.name[2:4])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_erased_file_is_gone_and_erasing_twice_is_no_harm() -> None:
    sha256 = files.accept(PDF).sha256
    for _ in range(2):
        files.erase(sha256)
        with pytest.raises(FileNotFoundError):
            files.read(sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64, "/" * 64])
@pytest.mark.parametrize("does", [files.read, files.erase])
def test_a_name_that_is_no_hash_leads_nowhere(does: Callable[[str], object], name: str) -> None:
    with pytest.raises(FileNotFoundError):
        does(name)


def test_a_write_that_breaks_off_leaves_nothing(folder: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        stores.store().put("ab" * 32, Broken(), 1)
    assert [p for p in folder.rglob("*") if p.is_file()] == []


def test_what_is_no_picture_has_no_thumbnail() -> None:
    with pytest.raises(Refused):
        files.thumbnail(files.accept(PDF).sha256, 100)


def test_an_unusable_store_is_named(settings: Settings, tmp_path: Path) -> None:
    assert stores.check_store() == []
    (tmp_path / "taken").write_text("a file where the folder should be")
    settings.FILES = str(tmp_path / "taken")
    (sentence,) = stores.check_store()
    assert "GONGZHI_FILES" in sentence


@pytest.mark.skipif(
    "GONGZHI_TEST_S3_ENDPOINT" not in os.environ,
    reason="names a server that speaks S3, with bucket `gongzhi` and AWS_ credentials set",
)
def test_a_bucket_keeps_files_like_a_folder(settings: Settings) -> None:
    settings.FILES = "s3://gongzhi/attachments"
    settings.S3_ENDPOINT = os.environ["GONGZHI_TEST_S3_ENDPOINT"]
    assert stores.check_store() == []
    stored = files.accept(photo())
    assert len(files.read(stored.sha256)) == stored.size
    assert files.thumbnail(stored.sha256, 30)
    later = datetime.now(UTC) + timedelta(days=1)
    assert list(stores.store().untouched_since(later)) == [stored.sha256]
    assert list(stores.store().untouched_since(later - timedelta(days=2))) == []
    files.erase(stored.sha256)
    files.erase(stored.sha256)
    with pytest.raises(FileNotFoundError):
        files.read(stored.sha256)
