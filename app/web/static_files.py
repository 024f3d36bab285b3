"""Static files: compressed, and with a version in their address, so that a browser asks once."""

import gzip
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from fastapi import HTTPException, Response
from fastapi.staticfiles import StaticFiles
from rjsmin import jsmin
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware, GZipResponder, IdentityResponder
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Receive, Scope, Send

from app.web.location import path_of
from app.web.negotiation import accepts_gzip

VERSION = re.compile(r"v-[0-9a-f]{16}")
FOR_GOOD = {"Cache-Control": "max-age=31536000, immutable"}


class VersionedStaticFiles(StaticFiles):
    """The static files, each by its name and by the name of its version.

    ``/static/shell/main.js`` is ``/static/v-…/shell/main.js``, too, with the version that the files
    have now. A file with that name never changes, so a browser keeps it for good: the page has a
    hundred files, and to ask of each whether it is still the same takes longer than everything else
    when the page is loaded again. What a script imports has the same version as the script.
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
            version, name = "", path
        try:
            full_path, found = self.lookup_path(name)
        except (OSError, ValueError):  # too long, or a NUL
            raise HTTPException(404) from None
        if found and name.endswith(".js"):
            # A class opens the page all at once, and each of them wants all of the scripts.
            script = Script.of(Path(full_path), found.st_mtime_ns)
            asked = Headers(scope=scope)
            response = script.response(zipped=accepts_gzip(asked))
            if self.is_not_modified(response.headers, asked):
                response = NotModifiedResponse(response.headers)
        else:
            response = await super().get_response(name, scope)
        response.headers.update(self.headers_of(version))
        return response


@dataclass(frozen=True)
class Script:
    """A script as a browser gets it: without comments and blanks, which are a third of it."""

    text: bytes
    packed: bytes
    etag: str

    @staticmethod
    @lru_cache(maxsize=1024)
    def of(path: Path, _changed: int) -> "Script":
        """Read a script."""
        text = jsmin(path.read_bytes())
        return Script(text, gzip.compress(text, 9), sha256(text).hexdigest()[:16])

    def response(self, *, zipped: bool) -> Response:
        """Return the answer to a request for it."""
        coding = {"Content-Encoding": "gzip"} if zipped else {}
        content = self.packed if zipped else self.text
        headers = {"Vary": "Accept-Encoding", "ETag": f'"{self.etag}"', **coding}
        return Response(content, headers=headers, media_type="text/javascript")


class CompressPages(GZipMiddleware):
    """Gzips the pages and the static files for browsers that can unpack them.

    The API's answers go as they are: parameters are noise to gzip, and to pack what a network reads
    in a drawing would take longer than to send it.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and pack what is answered."""
        if scope["type"] != "http" or path_of(scope).startswith("/api/"):
            await self.app(scope, receive, send)
        elif accepts_gzip(Headers(scope=scope)):
            packing = GZipResponder(self.app, self.minimum_size, self.compresslevel)
            await packing(scope, receive, send)
        else:
            await IdentityResponder(self.app, self.minimum_size)(scope, receive, send)
