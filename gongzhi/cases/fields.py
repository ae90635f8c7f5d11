"""Form fields of the kernel: several files at once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

MOST_FILES = 6


class Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = Several

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = [f for f in (data if isinstance(data, list) else [data]) if f]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("最多上传 %(n)s 个文件。") % {"n": MOST_FILES})
        return [super(FilesField, self).clean(f, initial) for f in given]
