"""Metrics for Prometheus: what the server does, as numbers for charts and alarms."""

import asyncio
from collections import Counter as Count
from collections.abc import Iterator
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.log import log
from app.runs.record import RunStatus
from app.runs.store import RunStore

METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE")
LOOKS_PER_SECOND = 20  # at how late the event loop is
LATE_SECONDS = 1.0  # of which the log tells, too
OTHER = "other"  # labels must have few values: a client can't add new ones


class Metrics:
    """The metrics of one application, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "nudge_requests",
            "Requests answered, and sockets that have closed.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._predictions = Histogram(
            "nudge_prediction_seconds",
            "From a drawing's arrival to what the network reads in it.",
            buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5),
            registry=self.registry,
        )

        self._loop_delay = Histogram(
            "nudge_loop_delay_seconds",
            "How late the event loop is: so long it did something else without looking up.",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
            registry=self.registry,
        )

    def watch(self, store: RunStore) -> None:
        """Include the runs of this store."""
        self.registry.register(RunsCollector(store))

    async def watch_loop(self) -> None:
        """Note again and again how late the event loop is, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + 1 / LOOKS_PER_SECOND
            await asyncio.sleep(1 / LOOKS_PER_SECOND)
            delay = loop.time() - due
            self._loop_delay.observe(delay)
            if delay > LATE_SECONDS:
                log.warning("loop", seconds=round(delay, 1), trouble="nobody was answered")

    def answered(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count a request; its route is a template, None where there is none."""
        method = method if method in METHODS else OTHER
        self._requests.labels(method, route or OTHER, status).inc()
        if route and route.endswith("/predict") and status == 200:  # noqa: PLR2004
            self._predictions.observe(seconds)


class RunsCollector(Collector):
    """Counts runs, viewers and frames when Prometheus asks, so that no counter can be wrong."""

    def __init__(self, store: RunStore) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics, as they are now."""
        runs = [run for run in self._store.all() if not run.is_pretrained]
        count = Count(run.status for run in runs)
        by_status = GaugeMetricFamily(
            "nudge_runs", "Runs, by their state; queued ones wait for a place.", labels=["status"]
        )
        for status in get_args(RunStatus):
            by_status.add_metric([status], count[status])
        yield by_status
        by_node = GaugeMetricFamily(
            "nudge_runs_on_node", "Runs that train, by the machine they train on.", labels=["node"]
        )
        for node, trained in Count(run.node for run in runs if run.node).items():
            by_node.add_metric([node], trained)
        yield by_node
        viewers = sum(len(run.room.viewers) for run in self._store.all())
        yield GaugeMetricFamily("nudge_viewers", "Sockets that watch a run.", viewers)
        yield GaugeMetricFamily(
            "nudge_unwritten",
            "Epochs, commands and changes of state that are not in the database yet.",
            self._store.unwritten,
        )
        tally = self._store.tally
        yield CounterMetricFamily(
            "nudge_set_aside", "Lines that the database could never take.", tally.set_aside
        )
        yield CounterMetricFamily("nudge_epochs", "Epochs trained.", tally.epochs)
        yield CounterMetricFamily("nudge_frames_sent", "Frames sent.", tally.frames_sent)
        yield CounterMetricFamily(
            "nudge_frames_skipped",
            "Frames that a viewer was not sent: a newer one came before their pace asked for it.",
            tally.frames_skipped,
        )
