"""
Events into OpenTelemetry: a span a call, counters of calls, decisions and runs.

Needs extra `[otel]`, which is the API alone: what collects is yours to choose and to start.
"""

from __future__ import annotations

import time

from opentelemetry.metrics import MeterProvider, get_meter_provider
from opentelemetry.trace import SpanKind, Status, StatusCode, TracerProvider, get_tracer_provider

from oro_prima.ports import Event, Observer

SCOPE = "oro_prima"


def trace_events(
    *, tracers: TracerProvider | None = None, meters: MeterProvider | None = None
) -> Observer:
    """
    Return an observer that writes spans and metrics; the global providers where none are given.

    Spans are named by system and call (`prima/post_order`); attributes hold outcomes and counts,
    never ids of people, names, addresses or payloads.

    Metrics: `oro_prima.calls`, `oro_prima.call.duration` (seconds), `oro_prima.decisions`,
    `oro_prima.runs`, `oro_prima.retries`.
    """
    tracer = (tracers or get_tracer_provider()).get_tracer(SCOPE)
    meter = (meters or get_meter_provider()).get_meter(SCOPE)
    calls = meter.create_counter("oro_prima.calls", unit="1")
    durations = meter.create_histogram("oro_prima.call.duration", unit="s")
    decisions = meter.create_counter("oro_prima.decisions", unit="1")
    runs = meter.create_counter("oro_prima.runs", unit="1")
    retries = meter.create_counter("oro_prima.retries", unit="1")

    def observe(event: Event) -> None:
        flow = event.flow.value if event.flow else ""
        if event.what == "call" and event.took is not None:
            said = {"call": event.subject, "outcome": event.outcome}
            seconds = event.took.total_seconds()
            calls.add(1, said)
            durations.record(seconds, said)
            ended = time.time_ns()
            span = tracer.start_span(
                event.subject,
                kind=SpanKind.CLIENT,
                attributes=said,
                start_time=ended - int(seconds * 1_000_000_000),
            )
            if event.outcome != "ok":
                span.set_status(Status(StatusCode.ERROR, event.outcome))
            span.end(ended)
        elif event.what == "retry":
            retries.add(1, {"call": event.subject, "outcome": event.outcome})
        elif event.what == "decided":
            decisions.add(1, {"flow": flow, "home": event.outcome})
        elif event.what.startswith("run "):
            runs.add(1, {"flow": flow, "what": event.what})

    return observe
