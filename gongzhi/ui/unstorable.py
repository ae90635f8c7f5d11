"""What no database takes and nobody types: refused before any page sees it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

NUL = "\x00"


def _must_be_storable(said: QueryDict) -> None:
    if any(NUL in value for _name, values in said.lists() for value in values):
        raise BadRequest("NUL in what was said")


class Middleware:
    """PostgreSQL stores no NUL: in path, query or form it is a bad request, not a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path:
            raise BadRequest("NUL in the path")
        _must_be_storable(request.GET)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Once the token of the form has been looked at."""
        _must_be_storable(request.POST)
