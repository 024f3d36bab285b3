"""Packing: the page and its files take a quarter of the bytes, and are sent to a browser once."""

import gzip
import os
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)$", re.MULTILINE | re.DOTALL)
"""A comment that has its lines to itself, as all of our scripts' longer ones have."""

VERSION = re.compile(r"v-[0-9a-f]{16}")
FOR_GOOD = {"Cache-Control": "max-age=31536000, immutable"}


class VersionedStaticFiles(StaticFiles):
    """The static files, the scripts without their comments: those are half of what they weigh.

    ``/static/js/main.js`` is ``/static/v-…/js/main.js``, too, with the version that the files have
    as they are now. By that name, which another content will never have, a browser keeps a file for
    good: the page has a hundred of them, and to ask whether each is still the same takes longer
    than all else when it is loaded again. What a script imports has the same version as itself.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        self._folder = folder
        self._version = ""

    def version(self) -> str:
        """Return the version of the files as they are now."""
        digest = sha256()
        for path in sorted(self._folder.rglob("*")):
            found = path.stat()
            digest.update(f"{path} {found.st_mtime_ns} {found.st_size}\n".encode())
        self._version = f"v-{digest.hexdigest()[:16]}"
        return self._version

    def headers_of(self, version: str) -> dict[str, str]:
        """Return how long a file may be kept that was asked for by this version."""
        return FOR_GOOD if version and version == self._version else {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, by its name or by that of its version."""
        version, _, name = path.partition("/")
        if not VERSION.fullmatch(version):
            return await super().get_response(path, scope)
        headers = self.headers_of(version)
        if (
            headers
            and name.endswith(".js")
            and "gzip" in Headers(scope=scope).get("accept-encoding", "")
        ):
            # A class opens the page all at once, and each of them wants all of the scripts.
            full_path, found = self.lookup_path(name)
            if found:
                coding = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
                script = packed(Path(full_path), found.st_mtime_ns)
                return Response(script, headers=headers | coding, media_type="text/javascript")
        response = await super().get_response(name, scope)
        response.headers.update(headers)
        return response

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


@lru_cache(maxsize=1024)
def packed(path: Path, changed: int) -> bytes:
    """Return a script without comments, packed."""
    return gzip.compress(without_comments(path, changed).encode(), 6)


class CompressPages(GZipMiddleware):
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
