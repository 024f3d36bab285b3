"""The log: ``log.info("run", run=id, status="training")`` logs an event and its fields.

Where the lines go is set up by the server (``log_setup.py``).
"""

from functools import cached_property
from typing import Any


class Log:
    """structlog's logger, imported with the first line: it brings rich, which takes long."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._logger, name)

    @cached_property
    def _logger(self) -> Any:
        import structlog  # noqa: PLC0415

        return structlog.get_logger()


log = Log()
