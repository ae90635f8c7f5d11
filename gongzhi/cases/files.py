"""Attachments: checked by content, freed of what they tell besides, stored under their hash."""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Final, cast

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from gongzhi.cases.changes import NewFile, Refused
from gongzhi.cases.file_kinds import IMAGES, forget_where, kind_of
from gongzhi.cases.stores import store

MEGABYTE: Final = 1024 * 1024
LARGEST_IMAGE: Final = 20 * MEGABYTE
LARGEST: Final = 30 * MEGABYTE
CHUNK: Final = 256 * 1024
LONGEST_SIDE: Final = 4000  # pixels; a phone's photo keeps what can be read in it
# An ordinary JPEG can be read at a fraction of its size, all others must be unpacked whole.
PIXELS: Final = 40_000_000
PIXELS_JPEG: Final = 200_000_000
Image.MAX_IMAGE_PIXELS = PIXELS_JPEG

UNREADABLE = _("这张照片无法打开，请重新拍摄或另选一张。")
EMPTY = _("这个文件是空的，请重新选择。")


def _too_large(megabytes: int) -> Refused:
    told = _("文件太大，最多 %(megabytes)s 兆，请压缩或分成几份后再传。")
    return Refused(told % {"megabytes": megabytes})


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk


def _take(content: BinaryIO, into: BinaryIO) -> int:
    """Copy to work on; its size. Stops reading at the limit."""
    size = 0
    for chunk in _chunks(content):
        size += len(chunk)
        if size > LARGEST:
            raise _too_large(LARGEST // MEGABYTE)
        into.write(chunk)
    if not size:
        raise Refused(EMPTY)
    return size


def _half_read(picture: Image.Image, side: int) -> None:
    """Let a large JPEG be unpacked at a half, a quarter or an eighth: memory stays small."""
    scale = max(1.0, max(picture.size) / side)
    picture.draft(None, (int(picture.width / scale), int(picture.height / scale)))


def _clean_image(content: BinaryIO, kind: str) -> BinaryIO:
    """The same picture, upright, without place, time and camera."""
    content.seek(0)
    out = io.BytesIO()
    try:
        with Image.open(content, formats=[IMAGES[kind]]) as raw:
            baseline = kind == "image/jpeg" and not raw.info.get("progressive")
            if raw.width * raw.height > (PIXELS_JPEG if baseline else PIXELS):
                raise Refused(_("照片的像素太多，请用较低的分辨率拍摄，或截屏后上传截图。"))
            _half_read(raw, LONGEST_SIDE)
            raw.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            ImageOps.exif_transpose(raw, in_place=True)
            mode = "RGB" if kind == "image/jpeg" or not raw.has_transparency_data else "RGBA"
            picture = raw if raw.mode == mode else raw.convert(mode)
            picture.info = {}
            picture.save(out, IMAGES[kind], quality=88)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise Refused(UNREADABLE) from None
    return out


def _stored(content: BinaryIO, kind: str) -> NewFile:
    content.seek(0)
    said, size = hashlib.sha256(), 0
    for chunk in _chunks(content):
        said.update(chunk)
        size += len(chunk)
    content.seek(0)
    store().put(said.hexdigest(), content, size)
    return NewFile(said.hexdigest(), kind, size)


def accept(content: bytes | BinaryIO) -> NewFile:
    """Check, clean and store a file. Raises Refused with what to do instead.

    The name it came with is not asked for: it would be trusted somewhere, or tell too much.
    """
    with tempfile.SpooledTemporaryFile(max_size=2 * MEGABYTE) as spool:
        taken = cast(BinaryIO, spool)
        size = _take(io.BytesIO(content) if isinstance(content, bytes) else content, taken)
        kind = kind_of(taken)
        if kind in IMAGES:
            if size > LARGEST_IMAGE:
                raise _too_large(LARGEST_IMAGE // MEGABYTE)
            return _stored(_clean_image(taken, kind), kind)
        if kind in {"video/mp4", "audio/mp4"}:
            forget_where(taken)
        return _stored(taken, kind)


def open_stored(sha256: str) -> BinaryIO:
    """For streaming to a browser. Raises FileNotFoundError when it was erased."""
    return store().open(sha256)


def read(sha256: str) -> bytes:
    """Raises FileNotFoundError when it was erased."""
    with open_stored(sha256) as file:
        return file.read()


def thumbnail(sha256: str, width: int) -> bytes:
    """A stored picture as a small JPEG on white. Raises FileNotFoundError; Refused: no picture."""
    out = io.BytesIO()
    try:
        with open_stored(sha256) as file, Image.open(file, formats=[*IMAGES.values()]) as picture:
            _half_read(picture, 2 * width)
            picture.thumbnail((width, 4 * width))
            layer = picture.convert("RGBA")
            paper = Image.new("RGBA", layer.size, "white")
            Image.alpha_composite(paper, layer).convert("RGB").save(out, "JPEG", quality=80)
    except UnidentifiedImageError:
        raise Refused(UNREADABLE) from None
    return out.getvalue()


def erase(sha256: str) -> None:
    """For good. Whether any other case keeps the same file is for the caller to know."""
    store().erase(sha256)
