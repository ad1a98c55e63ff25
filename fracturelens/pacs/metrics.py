"""The node's figures for Prometheus."""

from dataclasses import dataclass
from typing import Any

SECONDS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)


@dataclass(frozen=True)
class Metrics:
    """Counters and gauges; the labels hold no patient data.

    Attributes:
        registry: prometheus_client's, of this node alone.
        received: films by status: "kept", "repeated", "rejected".
        rejected: associations of peers that are not on the list.
        judged: films by outcome: a verdict, "refused", "unreadable", "no_study", "failed".
        seconds: from reading a film to its results, a histogram.
        waiting: films that wait for their verdict.
        unsent: films whose results wait for being sent.
        sent: films whose results a destination has, by destination.
        failures: tries of sending that failed, by destination.
    """

    registry: Any
    received: Any
    rejected: Any
    judged: Any
    seconds: Any
    waiting: Any
    unsent: Any
    sent: Any
    failures: Any


def make_metrics() -> Metrics:
    """Metrics that all stand at zero."""
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

    registry = CollectorRegistry()

    def named(kind: Any, name: str, words: str, *labels: str, **options: Any) -> Any:
        return kind(f"fracturelens_{name}", words, labels, registry=registry, **options)

    return Metrics(
        registry,
        received=named(Counter, "films_received", "Films that came by C-STORE", "status"),
        rejected=named(Counter, "associations_rejected", "Associations of unknown peers"),
        judged=named(Counter, "films_judged", "Films by what became of them", "outcome"),
        seconds=named(Histogram, "film_seconds", "From a film to its results", buckets=SECONDS),
        waiting=named(Gauge, "films_waiting", "Films that wait for their verdict"),
        unsent=named(Gauge, "films_unsent", "Films whose results wait for being sent"),
        sent=named(Counter, "films_sent", "Films whose results arrived", "destination"),
        failures=named(Counter, "send_failures", "Tries of sending that failed", "destination"),
    )


def serve_metrics(metrics: Metrics, host: str, port: int) -> Any:
    """Starts the page /metrics in a thread; returns the server, whose `shutdown` ends it."""
    from prometheus_client import start_http_server

    server, _ = start_http_server(port, host, registry=metrics.registry)
    return server
