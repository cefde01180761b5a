"""The catalogue of all metrics: `fanmill metrics` exposes these and no others.

[deploy/metrics.md](../../../../deploy/metrics.md) is generated from it, and the alerts and the
dashboard in `deploy/monitoring` may use only these names.
"""

from collections.abc import Mapping
from typing import Final

from fanmill.ops.metrics.metric import Metric
from fanmill.ops.metrics.sink_metrics import SINK_METRICS

CATALOGUE: Final = (
    Metric(
        "up", "gauge", "boolean", (),
        "1 when Redis answered this scrape, else 0; then all other metrics are missing.",
        "At 0 start Redis or correct FANMILL_REDIS_URL: `fanmill doctor` names the cause.",
    ),
    Metric(
        "scrape_seconds", "gauge", "seconds", (),
        "Time that the reading of all values from Redis took.",
        "Above 1 s Redis is busy: look for slow commands with `redis-cli SLOWLOG GET`.",
    ),
    # --- waiting and in flight
    Metric(
        "waiting_events", "gauge", "events", (),
        "Events in the ledger that no intake has read: the backlog.",
        "Start more workers of the stage whose queue is long.",
    ),
    Metric(
        "in_flight_events", "gauge", "events", (),
        "Events that an intake has read and that are neither complete nor rejected.",
        "At FANMILL_MAX_IN_FLIGHT with idle workers, raise that setting.",
    ),
    Metric(
        "oldest_waiting_seconds", "gauge", "seconds", (),
        "Age of the oldest event that no intake has read; 0 when none waits.",
        "If it rises while the backlog does not shrink, workers are missing or hang.",
    ),
    Metric(
        "oldest_unfinished_seconds", "gauge", "seconds", (),
        "Age of the oldest event in the ledger, waiting or in flight; 0 when it is empty.",
        "Far above FANMILL_REDELIVER_AFTER_SECONDS with nothing waiting: a document is retried; "
        "see the log of intake.",
    ),
    Metric(
        "max_backlog_events", "gauge", "events", (),
        "FANMILL_MAX_BACKLOG: number of events in the ledger at which publishers wait; missing "
        "for no limit.",
        "A setting.",
    ),
    Metric(
        "max_in_flight_events", "gauge", "events", (),
        "FANMILL_MAX_IN_FLIGHT: number of events in flight at which intake stops reading.",
        "A setting.",
    ),
    Metric(
        "backlog_drain_seconds", "gauge", "seconds", (),
        "Time until nothing waits at the rates of the last five minutes: waiting events divided "
        "by events completed or rejected less events received, per second. 0 when nothing waits, "
        "+Inf when the backlog does not shrink.",
        "+Inf for long: start more workers.",
    ),
    Metric(
        "queue_messages", "gauge", "messages", ("stage",),
        "Messages, each a batch of documents, that no worker of the stage has taken.",
        "Above zero for long, the stage lacks workers.",
    ),
    # --- events and their outcomes
    Metric(
        "received_events", "counter", "events", (),
        "Entries that were added to the ledger.",
        "A rate of 0 during working hours: a producer does not publish.",
    ),
    Metric(
        "intake_events", "counter", "events", ("outcome",),
        "Events that intake has dealt with: `admitted` to work, `repeated` (removed because the "
        "event had come before) or `refused` (rejected without admission).",
        "Refused: a producer sends invalid events; `fanmill rejected list` shows them.",
    ),
    Metric(
        "lost_unread_events", "gauge", "events", (),
        "Entries that other programs removed from the ledger before an intake read them.",
        "Find the program that trims the stream; publish the lost events again.",
    ),
    Metric(
        "completed_documents", "counter", "documents", (),
        "Documents whose record was completed and announced.",
        "A rate of 0 while events arrive: see the alert FanmillStalled.",
    ),
    Metric(
        "verdicts", "counter", "documents", ("verdict",),
        "Documents by verdict of the stage deduplicate: `unique`, `exact` or `near`.",
        "A sudden rise of `exact`: a producer publishes again under new event ids.",
    ),
    Metric(
        "stage_results", "counter", "documents", ("stage",),
        "Stage results that were stored.",
        "A stage far behind the others lacks workers.",
    ),
    Metric(
        "rejected_events", "counter", "events", ("reason",),
        "Rejections by reason.",
        "`fanmill rejected list` shows error and original; mend the cause, then replay.",
    ),
    Metric(
        "erased_events", "counter", "events", (),
        "Events that ended without record and rejection, because `fanmill forget` erased their "
        "document while they waited or were in flight.",
        "A record of what operators did.",
    ),
    Metric(
        "redelivered_events", "counter", "events", (),
        "Entries that an intake claimed again, after a crash, a time limit or silence.",
        "Workers die or are too slow: see their logs, memory limits and restarts.",
    ),
    Metric(
        "replayed_rejections", "counter", "events", (),
        "Rejections whose event was put back on the ledger.",
        "A record of what operators did.",
    ),
    Metric(
        "dropped_rejections", "counter", "events", (),
        "Rejections that were removed for good.",
        "A record of what operators did.",
    ),
    Metric(
        "open_rejections", "gauge", "events", (),
        "Rejections that wait for a decision: replay or drop.",
        "`fanmill rejected list`; mend the cause; `fanmill rejected replay` or `drop`.",
    ),
    Metric(
        "open_stage_rejections", "gauge", "events", (),
        "Open rejections by stages; they count toward FANMILL_MAX_REJECTED.",
        "At the limit intake stops reading.",
    ),
    Metric(
        "max_rejected_events", "gauge", "events", (),
        "FANMILL_MAX_REJECTED: open rejections by stages at which intake stops reading; missing "
        "for no limit.",
        "A setting.",
    ),
    # --- durations
    Metric(
        "end_to_end_seconds", "histogram", "seconds", (),
        "Time from the ledger's acceptance of an event to its record. Entries with an id that is "
        "ahead of the clock have none.",
        "Waiting dominates: compare oldest_waiting_seconds and the stages' durations.",
    ),
    Metric(
        "stage_seconds", "histogram", "seconds", ("stage",),
        "Time from the start of a document's batch at a stage to its commit.",
        "Larger documents, a slow tagger, or children that share a CPU.",
    ),
    Metric(
        "stage_busy_seconds", "counter", "seconds", ("stage",),
        "Time for which batches that ended with a commit kept children of workers busy.",
        "Its rate is the mean number of busy children.",
    ),
    # --- processes
    Metric(
        "processes", "gauge", "processes", ("role", "version"),
        "Running intakes and workers, by their heartbeats.",
        "Two versions for more than an hour: finish the upgrade.",
    ),
    Metric(
        "paused", "gauge", "boolean", ("place",),
        "1 while an operator has paused `intake`, a stage or `sink`, else 0.",
        "`fanmill status` shows who has paused it and why; `fanmill resume` ends the pause.",
    ),
    Metric(
        "children", "gauge", "children", ("stage",),
        "Children of running workers that serve a stage. A worker of several stages counts for "
        "each.",
        "0: no worker serves the stage; start one.",
    ),
    Metric(
        "busy_children", "gauge", "children", ("stage",),
        "Mean number of busy children over the last minute: batches that ended, from "
        "stage_busy_seconds, and batches in work, from the heartbeats of their workers.",
        "Near the number of children: the stage is saturated; start workers.",
    ),
    Metric(
        "wanted_children", "gauge", "children", ("stage",),
        "Children that a stage needs: (events received per second / 0.8 + waiting events / "
        "FANMILL_TARGET_AGE_SECONDS) x busy seconds of the stage per completed document, rounded "
        "up. Children are busy for 80 % of their time with what arrives. Rates "
        "are means of five minutes; the cost is of the last one or two hours. Missing "
        "until a document is complete.",
        "Above `children`: start workers. Autoscalers scale to this number.",
    ),
    Metric(
        "wanted_workers", "gauge", "workers", ("stage",),
        "`wanted_children` divided by the mean number of children of the stage's running "
        "workers (1 when none runs), rounded up.",
        "The number of replicas for an autoscaler of workers that serve this stage alone.",
    ),
    Metric(
        "wanted_replicas", "gauge", "workers", (),
        "Workers that are needed if each serves all stages: computed like `wanted_workers`, with "
        "the busy seconds of all stages together. Until a document is complete 1 while an event "
        "waits, else 0.",
        "The number of replicas for an autoscaler of workers that serve all stages.",
    ),
    # --- readers of the streams
    Metric(
        "stream_events", "gauge", "events", ("stream",),
        "Length of the streams `ingested`, `processed` and `rejected`.",
        "`processed` follows FANMILL_PROCESSED_STREAM_MAXLEN.",
    ),
    Metric(
        "consumer_lag_events", "gauge", "events", ("stream", "group"),
        "Unread events of a consumer group of the stream processed or rejected. If entries were "
        "removed out of order it is an upper bound.",
        "The subscriber is slow or away. Events beyond FANMILL_PROCESSED_STREAM_MAXLEN are lost "
        "to it.",
    ),
    Metric(
        "consumer_pending_events", "gauge", "events", ("stream", "group"),
        "Events that a consumer group has read and not acknowledged.",
        "Consumers of the group fail or have died.",
    ),
    # --- stores
    Metric(
        "records", "gauge", "documents", (),
        "Documents with a record in Redis.",
        "Shorten FANMILL_RESULT_RETENTION_DAYS when memory is short.",
    ),
    Metric(
        "index_documents", "gauge", "documents", (),
        "Documents in the duplicate index, all partitions together.",
        "0 after a restart: the index was lost; `fanmill index rebuild`.",
    ),
    Metric(
        "index_bytes", "gauge", "bytes", (),
        "Memory of the duplicate index, estimated from a sample.",
        "Shorten FANMILL_DEDUP_HORIZON_DAYS, or give the index a server of its own.",
    ),
    Metric(
        "redis_memory_used_bytes", "gauge", "bytes", (),
        "Memory that Redis uses for data.",
        "Near the maximum: raise maxmemory, or keep less.",
    ),
    Metric(
        "redis_memory_max_bytes", "gauge", "bytes", (),
        "`maxmemory` of Redis; 0 for no limit.",
        "A setting of Redis.",
    ),
    Metric(
        "clock_skew_seconds", "gauge", "seconds", (),
        "Clock of this exporter's machine less the clock of Redis.",
        "Beyond 5 s either way: set both clocks by a time service.",
    ),
    Metric(
        "ledger_ahead_seconds", "gauge", "seconds", (),
        "Time by which the last id of the ledger is ahead of the clock of Redis; 0 when it is not.",
        "A producer writes ids of its own: `fanmill intake --repair-stream`.",
    ),
    # --- sinks
    *SINK_METRICS,
)  # fmt: skip
"""All metrics, by subject."""

METRICS: Final[Mapping[str, Metric]] = {metric.name: metric for metric in CATALOGUE}
"""The metrics by their name."""
