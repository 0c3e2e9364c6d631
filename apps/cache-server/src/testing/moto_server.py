"""Moto's server, one request at a time.

Moto checks the condition of a write and writes in two steps, and answers requests in threads: of several first writers
more than one can win, which no S3 server allows. A request is read whole before it takes its turn, so that a slow one
holds nobody up.
"""

from __future__ import annotations

import io
import sys
import threading
from typing import Any, Callable, Iterable

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import make_server


class OneAtATime:
    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._turn = threading.Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        if len(body) < length:
            start_response("400 Bad Request", [("Content-Length", "0")])
            return []
        environ["wsgi.input"] = io.BytesIO(body)
        with self._turn:
            return list(self._app(environ, start_response))


server = make_server(
    "127.0.0.1",
    0,
    OneAtATime(DomainDispatcherApplication(create_backend_app)),
    threaded=True,
)
print(f"Running on http://127.0.0.1:{server.port}", file=sys.stderr, flush=True)
server.serve_forever()
