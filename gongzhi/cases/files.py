"""Attachments: checked by content, freed of metadata, stored under their hash."""

import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import Final

import puremagic
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from gongzhi.cases.changes import NewFile, Refused

MEGABYTE: Final = 1024 * 1024
# Kind → largest size in bytes.
ALLOWED: Final = {
    "image/jpeg": 20 * MEGABYTE,
    "image/png": 20 * MEGABYTE,
    "image/webp": 20 * MEGABYTE,
    "application/pdf": 30 * MEGABYTE,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 30 * MEGABYTE,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 30 * MEGABYTE,
    "audio/mpeg": 30 * MEGABYTE,
    "audio/mp4": 30 * MEGABYTE,
    "audio/x-m4a": 30 * MEGABYTE,
    "audio/wav": 30 * MEGABYTE,
    "audio/ogg": 30 * MEGABYTE,
    "video/mp4": 30 * MEGABYTE,
}
IMAGES: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
LONGEST_SIDE: Final = 4000  # pixels; a phone's photo keeps what can be read in it
Image.MAX_IMAGE_PIXELS = 100_000_000


def _kind(content: bytes) -> str:
    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return ""
    return next((m.mime_type for m in found if m.mime_type in ALLOWED), "")


def _clean_image(content: bytes, kind: str) -> bytes:
    """The same picture, upright, without place, time and camera."""
    try:
        with Image.open(io.BytesIO(content)) as raw:
            if raw.format not in IMAGES.values():
                raise Refused(_("这张照片无法打开，请重新拍摄或另选一张。"))
            picture = ImageOps.exif_transpose(raw)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            if kind == "image/jpeg" and picture.mode != "RGB":
                picture = picture.convert("RGB")
            out = io.BytesIO()
            picture.info = {}
            picture.save(out, IMAGES[kind], quality=88)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError):
        raise Refused(_("这张照片无法打开，请重新拍摄或另选一张。")) from None
    return out.getvalue()


def path_of(sha256: str) -> Path:
    return Path(settings.FILES) / sha256[:2] / sha256[2:4] / sha256


def accept(content: bytes) -> NewFile:
    """Check, clean and store a file. Raises Refused with what to do instead."""
    kind = _kind(content)
    if not kind:
        raise Refused(_("不能接收这种文件，请上传照片、PDF、Word、Excel、录音或 MP4 视频。"))
    if len(content) > ALLOWED[kind]:
        raise Refused(
            _("文件太大，最多 %(megabytes)s 兆，请压缩后再传。")
            % {"megabytes": ALLOWED[kind] // MEGABYTE}
        )
    if kind in IMAGES:
        content = _clean_image(content, kind)
    sha256 = hashlib.sha256(content).hexdigest()
    _store(path_of(sha256), content)
    return NewFile(sha256, kind, len(content))


def _store(path: Path, content: bytes) -> None:
    """On disk before it is named: a crash leaves no half file under a hash."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
        new.write(content)
        new.flush()
        os.fsync(new.fileno())
    Path(new.name).rename(path)


def read(sha256: str) -> bytes:
    """Raises FileNotFoundError when it was erased."""
    return path_of(sha256).read_bytes()


def erase(sha256: str) -> None:
    path_of(sha256).unlink(missing_ok=True)
