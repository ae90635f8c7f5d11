"""Form fields that need more than Django's: a signature drawn on the screen."""

import base64
import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PREFIX = "data:image/png;base64,"
LARGEST = 200_000  # bytes of a drawn signature


class SignaturePad(forms.HiddenInput):
    """A canvas to sign on; static/ui/signature.js fills the hidden input with a PNG."""

    template_name = "ui/signature.html"

    class Media:
        js = (
            forms.Script("signature_pad/signature_pad.umd.min.js", defer=True),
            forms.Script("ui/signature.js", defer=True),
        )

    @property
    def is_hidden(self) -> bool:
        return False


class SignatureField(forms.CharField):
    """A signature 签名 as the bytes of a PNG."""

    widget = SignaturePad

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return b""
        try:
            drawn = base64.b64decode(text.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            drawn = b""
        if not text.startswith(PREFIX) or not drawn or len(drawn) > LARGEST:
            raise forms.ValidationError(_("签名没有保存好，请重新签名。"))
        return drawn
