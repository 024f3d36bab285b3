"""JSON that every parser reads: what is not a finite number is null."""

from typing import Any

from fastapi.responses import JSONResponse

from app.runs.messages import strict_json


class StrictJSONResponse(JSONResponse):
    """JSON without NaN and infinities, which JSON lacks."""

    def render(self, content: Any) -> bytes:
        """Return the bytes of the body."""
        return strict_json(content).encode()
