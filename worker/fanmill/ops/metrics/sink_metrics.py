"""The metrics of sinks, a part of the catalogue."""

from typing import Final

from fanmill.ops.metrics.metric import Metric

SINK_METRICS: Final = (
    Metric(
        "sink_unstored_outcomes", "gauge", "outcomes", ("sink",),
        "Records and rejections that the sink is to store. They stay in the streams until then.",
        "It rises: start more sinks; `fanmill sinks` names a store that fails.",
    ),
    Metric(
        "sink_oldest_unstored_seconds", "gauge", "seconds", ("sink",),
        "Age of the oldest outcome that the sink is to store; 0 without one.",
        "Above a minute the store is slow or away, or no sink runs: `fanmill doctor`.",
    ),
    Metric(
        "sink_trouble_seconds", "gauge", "seconds", ("sink",),
        "Time for which a process of the sink cannot store; 0 while all can.",
        "`fanmill sinks` tells why. The sink goes on by itself and loses nothing.",
    ),
    Metric(
        "sink_processes", "gauge", "processes", ("sink",),
        "Running processes of the sink.",
        "0: start one, or remove a sink that is out of service: `fanmill sinks remove`.",
    ),
    Metric(
        "sink_stored_outcomes", "counter", "outcomes", ("sink",),
        "Outcomes that the sink has stored and acknowledged.",
        "A rate of 0 while documents complete: see sink_trouble_seconds.",
    ),
    Metric(
        "sink_errors", "counter", "calls", ("sink",),
        "Calls of the store that failed and were tried again.",
        "See the log of the sink, and the store's own.",
    ),
    Metric(
        "sink_lost_outcomes", "counter", "outcomes", ("sink",),
        "Outcomes that other programs removed from the streams before the sink read them.",
        "Find the program that trims or deletes; the documents need a new event.",
    ),
    Metric(
        "sink_unreadable_outcomes", "gauge", "outcomes", (),
        "Outcomes that sinks have set aside: no events, or refused by a store.",
        "`fanmill sinks unreadable` shows the reasons, `--retry` tries again. At 1,000 sinks stop.",
    ),
    Metric(
        "max_unstored_outcomes", "gauge", "outcomes", (),
        "FANMILL_MAX_UNSTORED: outcomes to store at which intake stops reading; missing for no "
        "limit.",
        "A setting.",
    ),
)  # fmt: skip
