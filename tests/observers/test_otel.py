"""Events as spans and metrics of OpenTelemetry."""

from __future__ import annotations

from datetime import timedelta

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from oro_prima.observers.otel import trace_events
from oro_prima.ports import Event
from oro_prima.records import Flow

TWO_SECONDS = timedelta(seconds=2)


def test_calls_are_spans_and_everything_is_counted() -> None:
    """By call and outcome, by home, by how a run ended."""
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers, meters = TracerProvider(), MeterProvider([reader])
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    observe = trace_events(tracers=tracers, meters=meters)
    for event in (
        Event(Flow.ORDERS, "run began", "a"),
        Event(None, "call", "oro/sweep_orders", outcome="ok", took=TWO_SECONDS),
        Event(None, "call", "prima/post_order", outcome="NoAnswerError", took=TWO_SECONDS),
        Event(None, "retry", "oro/sweep_orders", 1, outcome="UnavailableError"),
        Event(Flow.ORDERS, "decided", "orders/7", outcome="in_doubt"),
        Event(Flow.ORDERS, "posting", "orders/7", 1, 1),
        Event(Flow.ORDERS, "run ended", "a"),
    ):
        observe(event)

    found = spans.get_finished_spans()
    assert [span.name for span in found] == ["oro/sweep_orders", "prima/post_order"]
    assert [span.status.is_ok for span in found] == [True, False]
    times = [(span.start_time or 0, span.end_time or 0) for span in found]
    assert [end - start for start, end in times] == [2_000_000_000] * 2
    assert counted(reader) == {
        ("oro_prima.calls", "ok"): 1,
        ("oro_prima.calls", "NoAnswerError"): 1,
        ("oro_prima.retries", "UnavailableError"): 1,
        ("oro_prima.decisions", "in_doubt"): 1,
        ("oro_prima.runs", "run began"): 1,
        ("oro_prima.runs", "run ended"): 1,
    }
    meters.shutdown()
    tracers.shutdown()


def counted(reader: InMemoryMetricReader) -> dict[tuple[str, str], object]:
    found: dict[tuple[str, str], object] = {}
    data = reader.get_metrics_data()
    for resource in data.resource_metrics if data else ():
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.data.data_points:
                    said = point.attributes or {}
                    what = said.get("outcome") or said.get("home") or said.get("what")
                    if hasattr(point, "value"):
                        found[(metric.name, str(what))] = point.value
    return found


def test_without_providers_the_global_ones_are_used() -> None:
    """Which do nothing until somebody sets them."""
    trace_events()(Event(None, "call", "oro/sweep_orders", outcome="ok", took=TWO_SECONDS))
