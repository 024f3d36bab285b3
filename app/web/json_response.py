"""A JSON response that every parser reads: a number that is not finite becomes null."""

from typing import Any

from fastapi.responses import JSONResponse

from app.strict_json import strict_json


class StrictJSONResponse(JSONResponse):
    """JSON without NaN and infinities."""

    def render(self, content: Any) -> bytes:
        """Return the bytes of the body."""
        return strict_json(content).encode()
