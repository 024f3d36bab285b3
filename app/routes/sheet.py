"""The sheet: four tasks of ten minutes for a class, to be printed."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.web.frontend import rendered
from app.web.location import location_of

router = APIRouter(include_in_schema=False)

# Their questions and what they set up stand in static/lesson/tasks.pure.js, with the same numbers.
TASKS = [
    {
        "title": "a network learns",
        "predict": "It begins with random weights. Of ten test digits, how many will it read right "
        "after 30 epochs: about 1, about 5, about 9, or all 10?",
        "run": "Press Train. Watch the pictures of the sixteen neurons, the cost and the accuracy.",
        "explain": "Which digits does it confuse, and why those? Look at the confusion matrix.",
        "expect": "About one in ten at first: chance. About nine of ten at the end. 4 and 9, 3 and "
        "5 and 8 look alike.",
    },
    {
        "title": "the size of a step",
        "predict": "The learning rate is 1,000 instead of 0.1. Will the cost fall faster, fall "
        "more slowly, stay as it is, or grow beyond all bounds?",
        "run": "Press Train. Then make the rate smaller until it learns.",
        "explain": "At which step did it happen? What is the largest rate that works?",
        "expect": "It diverges within a few steps: each overshoots further than the one before. "
        "In this network, rates up to 0.2 learn, and from 0.5 on none does.",
    },
    {
        "title": "only two hundred digits",
        "predict": "A large network sees only 200 digits. Will it read both training and test "
        "digits well, only the training digits perfectly, or both badly?",
        "run": "Press Train. Compare the two lines in the charts of cost and accuracy.",
        "explain": "Where do the lines part, and what does that mean?",
        "expect": "It reads all training digits, and about eight of ten test digits; the test cost "
        "rises again. It has learned the examples, not the digits.",
    },
    {
        "title": "your own handwriting",
        "predict": "Draw ten digits. How many will be read right before you have corrected any?",
        "run": "Where it is wrong: press “That\u2019s wrong”, choose the digit, “Learn this one”.",
        "explain": "How many are read right now? What may it have forgotten?",
        "expect": "Most are read at once, the odd ones after one correction: it learns them beside "
        "other examples, so that little is forgotten.",
    },
]


@router.get("/sheet", response_class=HTMLResponse)
async def sheet(request: Request) -> Response:
    """Return the sheet."""
    origin = request.app.state.settings.public_origin
    address = f"{origin}{location_of(request.scope).prefix}/class" if origin else None
    return rendered(request, "docs/sheet.html", tasks=TASKS, address=address)
