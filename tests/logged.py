"""What the servers in this process log: with a test that fails, and an error fails a test."""

import logging

import structlog


class Errors(logging.Handler):
    """Keeps every error that is logged, as text."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("websockets.client"):
            self.texts.append(self.format(record))

    def take(self) -> list[str]:
        """Return what was logged since the last time."""
        texts, self.texts = self.texts, []
        return texts


def collect_errors() -> Errors:
    """Let our own lines go through the standard library, too; return what keeps the errors."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    errors = Errors()
    logging.getLogger().addHandler(errors)
    return errors
