"""A month of messages, with all that the workload leaves open filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from advisor.cost.units import SECONDS_PER_HOUR
from advisor.decisions.load import asks_messaging
from advisor.limits import limits

if TYPE_CHECKING:
    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.load import Arrivals
    from advisor.workload import Messaging, Workload

ONE_CONSUMER = ("queue", "point_to_point", "schedule")
"""The patterns in which nothing stands between a message and its one consumer but the service."""


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
        quota = limits()
        polls_per_s = quota.number("lambda.esm_pollers") / quota.number("sqs.long_poll_s")
        batch = min(self.batch_size, quota.number("sqs.batch_entries"))
        idle = sum(
            max(polls_per_s - rate * passing / batch, 0) * SECONDS_PER_HOUR * self.hours_of_each
            for rate in self.hourly_rps
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


def messages(workload: Workload, arrivals: Arrivals, assumptions: Assumptions) -> Messages | None:
    """Fill in what the messaging section leaves open; None when no messaging is asked for."""
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
