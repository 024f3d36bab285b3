"""The visitor: whether the browser keeps the cookie by which the server knows them."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from app.web.json_response import StrictJSONResponse

router = APIRouter(prefix="/api", default_response_class=StrictJSONResponse)


class VisitorOut(BaseModel):
    """What the server knows of the caller."""

    known: bool = Field(
        description="Whether the request came with the cookie that says whose runs are whose. If "
        "not, the answer sets it, and the next request has it, unless cookies are blocked."
    )


@router.get("/visitor")
async def visitor(request: Request) -> VisitorOut:
    """Say whether the server knows the caller again."""
    return VisitorOut(known=request.scope["state"]["known"])
