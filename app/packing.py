"""Packing: the page and what it loads take a quarter of the bytes on their way."""

import os
import re
from functools import lru_cache
from pathlib import Path

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)$", re.MULTILINE | re.DOTALL)
"""A comment that has its lines to itself, as all of our scripts' longer ones have."""


class StaticFolder(StaticFiles):
    """The static files, the scripts without their comments: those are half of what they weigh."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return a file, or that it is still what the browser has."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        path = Path(full_path)
        if path.suffix != ".js" or not isinstance(response, FileResponse):
            return response
        script = without_comments(path, stat_result.st_mtime_ns)
        headers = {"ETag": response.headers["etag"]}
        return Response(script, headers=headers, media_type="text/javascript")


@lru_cache(maxsize=1024)
def without_comments(path: Path, _changed: int) -> str:
    """Return a script without comments; each line keeps its number, for who looks for an error."""
    return COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), path.read_text("utf-8"))


class PackPages(GZipMiddleware):
    """Gzips the pages and the static files for browsers that can unpack them.

    The API's answers go as they are: parameters are noise to gzip, and to pack what a network reads
    in a drawing would take longer than to send it.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and pack what is answered."""
        if scope["type"] == "http" and not scope["path"].startswith("/api/"):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)
