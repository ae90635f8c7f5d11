"""What a file is, told by its content; its name and the browser's word count for nothing."""

import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused

OFFICE: Final = "application/vnd.openxmlformats-officedocument."
WORD: Final = f"{OFFICE}wordprocessingml.document"
EXCEL: Final = f"{OFFICE}spreadsheetml.sheet"
IMAGES: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MP4_BRANDS: Final = frozenset(
    (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV")
)
HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
HEAD = 64
# An Office file unpacks to a few times its size; what unpacks to more is made to fill a memory.
UNPACKED: Final = 300 * 1024 * 1024
MANY_BOXES: Final = 50_000  # a recording has some dozens; more are there to keep us busy
# Bitrates of MPEG audio layer III in kbit/s, by version 1 and version 2, and sampling rates.
BITRATES: Final = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}

WANTED = _("不能接收这种文件，请上传照片、PDF、Word、Excel、录音或 MP4 视频。")
BROKEN = _("文件不完整或已损坏，请重新选择后上传。")
HEIC = _("不能接收 HEIC 照片。请在相机设置里选“兼容性最佳”再拍，或截屏后上传截图。")
MOVIE = _("不能接收这种视频，请转成 MP4 后上传。")
OLD_OFFICE = _("不能接收旧格式或加密的 Office 文件，请另存为不加密的 docx 或 xlsx 后上传。")
MACROS = _("文件里有宏，不能接收。请另存为不带宏的 docx 或 xlsx 后上传。")


def _iso_media(head: bytes) -> str:
    """MP4 and its relatives tell themselves apart by a brand. Source: ISO/IEC 14496-12."""
    brand = head[8:12]
    if brand in HEIC_BRANDS:
        raise Refused(HEIC)
    if brand in {b"M4A ", b"M4B "}:
        return "audio/mp4"
    if brand in MP4_BRANDS or brand[:3] == b"3gp":
        return "video/mp4"
    raise Refused(MOVIE if brand == b"qt  " else WANTED)


def _riff(head: bytes) -> str:
    kinds = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
    if head[8:12] not in kinds:
        raise Refused(MOVIE if head[8:12] == b"AVI " else WANTED)
    return kinds[head[8:12]]


def _ogg(head: bytes) -> str:
    if any(name in head for name in (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")):
        return "audio/ogg"
    raise Refused(WANTED)


def frame_length(header: bytes) -> int:
    """Bytes of the MPEG layer III frame that begins so; 0 when none does. ISO/IEC 11172-3."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or bitrate in {0, 15} or rate == 3:
        return 0
    kilobits = BITRATES[version != 3][bitrate]
    return (144 if version == 3 else 72) * kilobits * 1000 // RATES[version][rate] + (
        header[2] >> 1 & 1
    )


def _mpeg_audio(file: BinaryIO) -> str:
    """Two frames in a row: two chance bytes at the beginning are not enough."""
    file.seek(0)
    length = frame_length(file.read(4))
    file.seek(length)
    if not length or not frame_length(file.read(4)):
        raise Refused(WANTED)
    return "audio/mpeg"


def _pdf(file: BinaryIO) -> str:
    end = file.seek(0, 2)
    file.seek(max(0, end - 4096))
    if b"%%EOF" not in file.read():
        raise Refused(BROKEN)
    return "application/pdf"


def _office(file: BinaryIO) -> str:
    """A ZIP archive is a Word or Excel file when it holds the parts of one, and no macros."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused(BROKEN) from None
    if any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in parts):
        raise Refused(MACROS)
    if sum(parts.values()) > UNPACKED or "[Content_Types].xml" not in parts:
        raise Refused(WANTED)
    if "word/document.xml" in parts:
        return WORD
    if "xl/workbook.xml" in parts:
        return EXCEL
    raise Refused(WANTED)


def _webm(file: BinaryIO) -> str:
    """What browsers record a voice as: Matroska, whose head names the kind of each track."""
    file.seek(0)
    head = file.read(4096)
    if b"webm" not in head:
        raise Refused(WANTED)
    if b"V_" in head or b"A_" not in head:
        raise Refused(MOVIE)
    return "audio/webm"


def _always(kind: str) -> Callable[[bytes], str]:
    return lambda _head: kind


# Where, what is there, and which kind that is. Looked at in this order.
BY_HEAD: Final[tuple[tuple[int, bytes, Callable[[bytes], str]], ...]] = (
    (0, b"\xff\xd8\xff", _always("image/jpeg")),
    (0, b"\x89PNG\r\n\x1a\n", _always("image/png")),
    (0, b"RIFF", _riff),
    (0, b"OggS", _ogg),
    (0, b"ID3", _always("audio/mpeg")),
    (4, b"ftyp", _iso_media),
)
BY_WHOLE: Final[tuple[tuple[bytes, Callable[[BinaryIO], str]], ...]] = (
    (b"%PDF-", _pdf),
    (b"PK\x03\x04", _office),
    (b"\x1a\x45\xdf\xa3", _webm),
    (b"\xff", _mpeg_audio),
)


def kind_of(file: BinaryIO) -> str:
    """The MIME type, one of those we take. Raises Refused with what to do instead."""
    file.seek(0)
    head = file.read(HEAD)
    for at, mark, tell in BY_HEAD:
        if head[at : at + len(mark)] == mark:
            return tell(head)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(OLD_OFFICE)
    for mark, look in BY_WHOLE:
        if head.startswith(mark):
            return look(file)
    raise Refused(WANTED)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Type, beginning, beginning of content and end of each box of ISO media."""
    for _n in range(MANY_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        head = file.read(16)
        size, inner = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:
            size, inner = int.from_bytes(head[8:16], "big"), start + 16
        after = end if size == 0 else start + size
        if after < inner or after > end:
            raise Refused(BROKEN)
        yield head[4:8], start, inner, after
        start = after
    raise Refused(BROKEN)


def _blank(file: BinaryIO, start: int, end: int, into: tuple[bytes, ...]) -> None:
    for name, at, inner, after in _boxes(file, start, end):
        if into and name == into[0]:
            _blank(file, inner, after, into[1:])
        elif name in {b"udta", b"meta", b"uuid"}:
            file.seek(at + 4)
            file.write(b"free")
            file.seek(inner)
            file.write(bytes(after - inner))


def forget_where(file: BinaryIO) -> None:
    """Blank the notes of a recording in place: phones write there where it was made.

    A `free` box of the same length keeps every offset in the file true.
    """
    _blank(file, 0, file.seek(0, 2), (b"moov", b"trak"))
