"""Names in addresses: one that no mechanism bears is not found."""

from django.urls import register_converter
from django.urls.converters import SlugConverter

from gongzhi.declare import registry


class MechanismName(SlugConverter):
    def to_python(self, value: str) -> str:
        if value not in {m.name for m in registry.every()}:
            raise ValueError
        return value


register_converter(MechanismName, "mechanism")
