"""What the web server calls: open pages are told what happens, all else is Django's, in threads."""

import gc
import os

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, ReceiveEvent, Scope, Send
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")
wsgi = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- only now is Django set up

from gongzhi.site import live  # noqa: E402

pages = WSGIMiddleware(wsgi, workers=settings.CONFIG.web_threads)  # type: ignore[arg-type]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    async def received() -> ReceiveEvent:
        # Granian's own may be awaited but is no coroutine, which a2wsgi asks for.
        return await receive()

    if scope["type"] == "http" and scope["path"] == live.PATH:
        await live.answer(scope, receive, send)
    else:
        await pages(scope, received, send)


# What has been loaded stays: walking through it again and again made every hundredth page late.
gc.collect()
gc.freeze()
