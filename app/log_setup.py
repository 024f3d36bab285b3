"""The log of the server: a line for each event, with fields, on stderr.

As JSON where a program reads it, in colours where a person does. What uvicorn and other libraries
log goes the same way.
"""

import logging
import sys

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor


def set_up_logs() -> None:
    """Send everything that this process logs to stderr, in one form.

    Our own lines do not go through the standard library, which takes much longer for each.
    """
    told_of_all: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    rendering = for_people() if sys.stderr.isatty() else for_programs()
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(not_of_a_socket)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*told_of_all, structlog.stdlib.add_logger_name],
            processors=[ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    structlog.configure(
        processors=[*told_of_all, *rendering],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def for_people() -> list[Processor]:
    """Return what makes a line that is read in a terminal."""
    # A traceback with the values of variables could put secrets into the log.
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def for_programs() -> list[Processor]:
    """Return what makes a line of JSON; a traceback is one of its fields."""
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def not_of_a_socket(record: logging.LogRecord) -> bool:
    """Return whether a line may be logged: not uvicorn's about sockets that open or close.

    It contains the whole address, with a token in the query. Our request log has a line for each.
    """
    return not str(record.msg).startswith(
        ('%s - "WebSocket', "connection open", "connection close")
    )
