"""Form fields of the kernel: several files at once, phones that can be dialled."""

from typing import Any, BinaryIO, cast

import phonenumbers
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.changes import Refused
from gongzhi.cases.file_kinds import kind_of

MOST_FILES = 6


def phone(text: str) -> None:
    """A phone number that can be dialled from anywhere in China. Raises ValidationError.

    Valid rather than possible: a lost digit is the commonest slip, and still "possible".
    """
    try:
        good = phonenumbers.is_valid_number(phonenumbers.parse(text, "CN"))
    except phonenumbers.NumberParseException:
        good = False
    if not good:
        raise forms.ValidationError(_("请写完整的电话号码，例如 13800001234；座机请加区号。"))


class Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = Several

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = [f for f in (data if isinstance(data, list) else [data]) if f]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("最多上传 %(n)s 个文件。") % {"n": MOST_FILES})
        found = [super(FilesField, self).clean(f, initial) for f in given]
        for upload in found:
            _known(upload)
        return found


def _known(upload: "UploadedFile[Any]") -> None:
    """Raises ValidationError, which names the file: of several, one may be wrong."""
    if upload.file is None:
        return
    try:
        kind_of(cast(BinaryIO, upload.file))
    except Refused as error:
        said = {"file": upload.name, "why": error.reason}
        raise forms.ValidationError(_("%(file)s：%(why)s") % said) from None
    finally:
        upload.seek(0)


class Position(forms.HiddenInput):
    """Half of where one stands: ui/position.js offers to fill it in, and the form works without."""

    class Media:
        js = (forms.Script("ui/position.js", type="module"),)

    def __init__(self) -> None:
        super().__init__({
            "data-offer": _("用我的位置"), "data-done": _("已记下您现在的位置。"),
            "data-failed": _("没有得到位置，可以在上面写清楚在哪里。"),
        })  # fmt: skip
