"""A month of messages, with all that the workload leaves open filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from advisor.capacity.batches import idle_polls
from advisor.decisions.load import asks_messaging
from advisor.units import MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.load import Arrivals
    from advisor.workload import Messaging, Workload

ONE_CONSUMER = ("queue", "point_to_point", "schedule")
"""The patterns in which nothing stands between a message and its one consumer but the service."""


class Reader(Struct, frozen=True, kw_only=True):
    """What takes the messages of a queue.

    ``work_s`` is what one message takes; ``by_lambda`` says that a function reads the queue.
    ``jump_s`` is how long the rate takes to its peak, ``latency_s`` how long a message may wait,
    ``downstream_concurrency`` how many requests at once what is called bears; None: not stated.
    """

    work_s: float
    by_lambda: bool
    backlog: float
    jump_s: float
    latency_s: float | None
    downstream_concurrency: float | None


class Messages(Struct, frozen=True, kw_only=True):
    """A month of messages of one mean size, and who takes them.

    ``hourly_rps`` is the mean rate in each hour of the day, ``peak_mps`` the highest rate.
    ``one_order`` says that all messages have one order, not one by group. ``other_accounts`` are
    consumer accounts that are not the sender's. ``archived`` says that messages are kept so that
    they can be replayed; ``retention_hours`` is None where not stated.
    """

    monthly: float
    month_hours: float
    hourly_rps: tuple[float, ...]
    hours_of_each: float
    peak_mps: float
    pattern: str
    message_kb: float
    batch_size: int
    failure_fraction: float
    max_receive_count: int
    consumers: int
    other_accounts: int
    consumer_protocol: str
    pass_fraction: float
    filtering: str
    ordered: bool
    one_order: bool
    fair: bool
    archived: bool
    retention_hours: float | None
    replay_fraction: float
    dedup_window_s: float
    reader: Reader | None = None

    def scaled(self, factor: float) -> Messages:
        """Return ``factor`` times as many messages at the same hours."""
        return replace(
            self,
            monthly=self.monthly * factor,
            hourly_rps=tuple(rate * factor for rate in self.hourly_rps),
            peak_mps=self.peak_mps * factor,
        )

    def idle_polls(self, passing: float = 1.0) -> float:
        """Return the receives of one queue in a month that find nothing.

        An event source mapping keeps five long polls open; those that find nothing come extra.
        Containers that read a queue are taken to poll as the mapping does, and so are pipes.
        """
        idle = sum(
            idle_polls(self.hours_of_each, rate_per_s=rate * passing) for rate in self.hourly_rps
        )
        return float(f"{idle:.9g}")

    @property
    def dead_letter_fraction(self) -> float:
        """Part of the messages of a consumer whose every delivery fails."""
        return self.failure_fraction**self.max_receive_count

    @property
    def redeliveries(self) -> float:
        """How often a message is delivered again, when each delivery fails as likely as any.

        Of n deliveries at the most, the k-th happens when those before it failed.
        """
        failing, most = self.failure_fraction, self.max_receive_count
        if failing == 1:
            return most - 1.0
        return failing * (1 - failing ** (most - 1)) / (1 - failing)


def messages(
    workload: Workload,
    arrivals: Arrivals,
    assumptions: Assumptions,
    *,
    duration_ms: float | None = None,
) -> Messages | None:
    """Fill in what the messaging section leaves open; None when no messaging is asked for.

    ``duration_ms`` is the mean duration of a request, where code is asked about.
    """
    messaging = asks_messaging(workload)
    if messaging is None:
        return None
    use = assumptions.use
    pattern = use(messaging.pattern, "messaging.pattern")
    message_kb = use(messaging.message_kb, "messaging.message_kb")
    batch_size = use(messaging.batch_size, "messaging.batch_size")
    failure_fraction = use(messaging.failure_fraction, "messaging.failure_fraction")
    max_receive_count = 1
    if failure_fraction:
        max_receive_count = use(messaging.max_receive_count, "messaging.max_receive_count")
    protocol = messaging.consumer_protocol
    if pattern not in ONE_CONSUMER:
        protocol = use(protocol, "messaging.consumer_protocol")
    filtering = use(messaging.filtering, "messaging.filtering")
    pass_fraction = 1.0
    if filtering != "none" or messaging.pass_fraction is not None:
        pass_fraction = use(messaging.pass_fraction, "messaging.pass_fraction")
    replay = use(messaging.replay, "messaging.replay")
    replay_fraction = 0.0
    if replay:
        replay_fraction = use(messaging.replay_fraction, "messaging.replay_fraction")
    ordering = use(messaging.ordering, "messaging.ordering")
    return Messages(
        monthly=arrivals.monthly_requests,
        month_hours=arrivals.month_hours,
        hourly_rps=arrivals.hourly_rps,
        hours_of_each=arrivals.hours_of_each,
        peak_mps=(
            arrivals.peak_rps if messaging.throughput_mps is None else messaging.throughput_mps
        ),
        pattern=pattern,
        message_kb=message_kb,
        batch_size=batch_size,
        failure_fraction=failure_fraction,
        max_receive_count=max_receive_count,
        consumers=use(messaging.consumers, "messaging.consumers"),
        other_accounts=_other_accounts(messaging, assumptions),
        consumer_protocol=protocol or "sqs",
        pass_fraction=pass_fraction,
        filtering=filtering,
        ordered=ordering != "none",
        one_order=ordering == "global",
        fair=bool(use(messaging.multi_tenant, "messaging.multi_tenant")) and ordering == "none",
        archived=replay,
        retention_hours=messaging.retention_hours,
        replay_fraction=replay_fraction,
        dedup_window_s=messaging.dedup_window_s or 0,
        reader=_reader(workload, messaging, arrivals, duration_ms),
    )


def working_time_s(
    messaging: Messaging, invocation: str | None, mean_ms: float | None
) -> float | None:
    """Return the s that a message takes its consumer: as stated, or a run of the code that is it.

    None where neither is known: code that callers wait for consumes no messages.
    """
    if messaging.processing_time_s is not None:
        return messaging.processing_time_s
    if mean_ms is None or invocation in (None, "sync"):
        return None
    return mean_ms / MS_PER_SECOND


def _reader(
    workload: Workload, messaging: Messaging, arrivals: Arrivals, duration_ms: float | None
) -> Reader | None:
    """Return what takes the messages, None where it is not known how long one takes."""
    compute, constraints = workload.compute, workload.constraints
    invocation = None if compute is None else compute.invocation
    work_s = working_time_s(messaging, invocation, duration_ms)
    if work_s is None:
        return None
    latency_ms = messaging.latency_ms
    return Reader(
        work_s=work_s,
        by_lambda=invocation == "esm",
        backlog=messaging.backlog_burst or 0.0,
        jump_s=arrivals.jump_s,
        latency_s=None if latency_ms is None else latency_ms / MS_PER_SECOND,
        downstream_concurrency=(
            None if constraints is None else constraints.downstream_max_concurrency
        ),
    )


def _other_accounts(messaging: Messaging, assumptions: Assumptions) -> int:
    """Return how many accounts besides the sender's consume."""
    accounts = messaging.consumer_accounts
    if accounts is None:
        return 1 if messaging.cross_account else 0
    if accounts > 1:
        assumptions.take(
            "messaging.other_accounts", accounts - 1, "the sender's account is one that consumes"
        )
    return max(accounts - 1, 1 if messaging.cross_account else 0)
