"""Where runs are trained: in processes of this machine, or on a Ray cluster."""

from importlib.util import find_spec

from app.runs.engines.engine import Engine
from app.runs.engines.processes import ProcessEngine
from app.settings import Settings


class EngineMissingError(Exception):
    """What an engine needs is not installed."""


def engine_of(settings: Settings) -> Engine:
    """Return the engine that these settings name. Raises EngineMissingError."""
    if settings.engine == "process":
        return ProcessEngine()
    require_engine(settings)
    from app.runs.engines.on_ray.engine import RayEngine  # noqa: PLC0415 - only where it is wanted

    return RayEngine(settings)


def require_engine(settings: Settings) -> None:
    """Raise EngineMissingError if what the engine needs is not installed."""
    if settings.engine == "ray" and find_spec("ray") is None:
        raise EngineMissingError(
            "NUDGE_ENGINE=ray needs the package ray: pip install 'nudge-playground[ray]', or in a "
            "checkout: make run-ray"
        )
