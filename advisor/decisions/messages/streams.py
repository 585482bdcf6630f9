"""Kinesis streams, on demand or in shards; pipes and schedules."""

from __future__ import annotations

from functools import lru_cache, partial
from math import ceil, exp, expm1, lgamma, log, log1p
from typing import TYPE_CHECKING

from advisor.cost import eventbridge, kinesis
from advisor.cost.chunks import chunks
from advisor.decisions.messages.queues import queue
from advisor.decisions.part import Part, cheapest, part_of, without_formula
from advisor.limits import limits
from advisor.units import KB_PER_GB

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.arithmetic import Number
    from advisor.cost.bill import LineItem
    from advisor.decisions.messages.flow import Messages
    from advisor.tariff import PriceBook


def shards(flow: Messages, *, fan_out: bool = False) -> int:
    """Return how many shards the peak needs: for its records, its data, and all its readers.

    Consumers share what a shard lets them read, and each reads everything once; by enhanced
    fan-out each has as much for itself.
    """
    quota = limits()
    kb_per_s = flow.peak_mps * flow.message_kb
    sharing = 1 if fan_out else flow.consumers
    needs = (
        flow.peak_mps / quota.number("kinesis.shard_write_records_per_s"),
        kb_per_s / quota.number("kinesis.shard_write_kb_per_s"),
        kb_per_s * sharing / quota.number("kinesis.shard_read_kb_per_s"),
    )
    return max(1, *(ceil(float(f"{need:.12g}")) for need in needs))


def stream(flow: Messages, region: str, book: PriceBook) -> Part:
    """Price a data stream in the cheaper of its two modes, read by sharing or enhanced fan-out.

    Sharing serves as many consumers as a shard has reads a second, since each consumer of Lambda's
    takes one; and one order of all has one shard to read.
    https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html (2026-11-23).
    """
    quota = limits()
    readers = [True]
    if flow.consumers <= quota.number("kinesis.shard_reads_per_s") and not (
        flow.one_order and shards(flow) > 1
    ):
        readers.insert(0, False)
    beyond: tuple[Callable[[], list[LineItem]], ...] = ()
    if flow.consumers > quota.number("kinesis.fan_out_consumers"):
        # Only the On-demand Advantage mode has so many, at prices that are not known.
        beyond = (partial(without_formula, book, "kinesis", "ondemand-advantage", region),)
    variants = []
    for fan_out in readers:
        by = {"readers": "enhanced fan-out"} if fan_out else {}
        on_demand = (*_on_demand(flow, region, book, fan_out=fan_out), *(beyond if fan_out else ()))
        variants.append(part_of("kinesis", {"mode": "on-demand", **by}, *on_demand))
        if not (fan_out and beyond):
            sizing = {"mode": "provisioned", "shards": shards(flow, fan_out=fan_out), **by}
            variants.append(
                part_of("kinesis", sizing, *_provisioned(flow, region, book, fan_out=fan_out))
            )
    return cheapest(variants)


def _written_gb(flow: Messages, book: PriceBook) -> Number:
    """Return the data written in a month, each record rounded up to the step that is metered."""
    step_kb = limits().number("kinesis.ondemand_record_step_kb")
    record_kb = chunks(book.number(flow.message_kb), step_kb) * step_kb
    return book.number(flow.monthly) * record_kb / KB_PER_GB


def _on_demand(
    flow: Messages, region: str, book: PriceBook, *, fan_out: bool
) -> tuple[Callable[[], list[LineItem]], ...]:
    number = book.number
    in_gb = _written_gb(flow, book)
    read_gb = in_gb * flow.consumers * (1 + number(flow.replay_fraction))
    base = partial(
        kinesis.on_demand,
        book,
        region,
        stream_hours=number(flow.month_hours),
        in_gb=in_gb,
        out_gb=0 if fan_out else read_gb,
        fan_out_gb=read_gb if fan_out else 0,
    )
    return (base, *_retention(flow, region, book, "ondemand-extended-retention"))


def _provisioned(
    flow: Messages, region: str, book: PriceBook, *, fan_out: bool
) -> tuple[Callable[[], list[LineItem]], ...]:
    number = book.number
    units = chunks(number(flow.message_kb), limits().number("kinesis.put_unit_kb"))
    shard_hours = number(flow.month_hours) * shards(flow, fan_out=fan_out)
    read_gb = number(flow.monthly * flow.message_kb / KB_PER_GB * (1 + flow.replay_fraction))
    base = partial(
        kinesis.provisioned,
        book,
        region,
        shard_hours=shard_hours,
        put_units=number(flow.monthly) * units,
        fan_out_shard_hours=shard_hours * flow.consumers if fan_out else 0,
        fan_out_gb=read_gb * flow.consumers if fan_out else 0,
    )
    return (base, *_retention(flow, region, book, "provisioned-extended-retention"))


def _retention(
    flow: Messages, region: str, book: PriceBook, component: str
) -> tuple[Callable[[], list[LineItem]], ...]:
    """Return what keeping records for more than the included day takes: a price not known."""
    included = limits().number("kinesis.retention_included_hours")
    if flow.retention_hours is None or flow.retention_hours <= included:
        return ()
    return (partial(without_formula, book, "kinesis", component, region),)


def pipe(flow: Messages, region: str, book: PriceBook, *, free_tier: bool) -> Part:
    """Price a pipe and its source, which is a queue, or the stream where the pattern is one.

    A pipe has one target. It is charged by the batch, for what is left of it after the filter; a
    batch of which nothing is left is not charged. A message that fails comes once more.
    """
    number = book.number
    batch = flow.batch_size
    if flow.ordered and flow.pattern != "stream":
        batch = min(batch, int(limits().number("sqs.batch_entries")))
    not_empty, chunks_each = _left_of_batches(batch, flow.pass_fraction, flow.message_kb)
    requests = flow.monthly * (1 + flow.redeliveries) / batch * not_empty
    own = partial(
        eventbridge.pipes,
        book,
        region,
        requests=number(float(f"{requests:.12g}")),
        chunks_each=number(float(f"{chunks_each:.12g}")),
    )
    if flow.pattern == "stream":
        source = stream(flow, region, book)
        alone = part_of("eventbridge-pipes", {"source": "kinesis", **source.sizing}, own)
        return Part(
            option=alone.option,
            sizing=alone.sizing,
            line_items=alone.line_items + source.line_items,
            missing=alone.missing + source.missing,
        )
    return part_of(
        "eventbridge-pipes",
        {"source": "sqs-fifo" if flow.ordered else "sqs", "batch_size": batch},
        own,
        *queue(flow, region, book, fifo=flow.ordered, free_tier=free_tier),
    )


@lru_cache(maxsize=256)
def _left_of_batches(batch: int, passing: float, message_kb: float) -> tuple[float, float]:
    """Return the part of full batches of which something passes, and their mean chunks of 64 KB.

    Messages pass one by one, so that what passes of a batch is a binomial number.
    """
    if passing in (0, 1):
        return float(passing), float(eventbridge.pipe_chunks(float(f"{message_kb * batch:.12g}")))
    not_empty = -expm1(batch * log1p(-passing))
    metered = 0.0
    for left in range(1, batch + 1):
        ways = lgamma(batch + 1) - lgamma(left + 1) - lgamma(batch - left + 1)
        share = exp(ways + left * log(passing) + (batch - left) * log1p(-passing))
        metered += share * eventbridge.pipe_chunks(float(f"{message_kb * left:.12g}"))
    return not_empty, metered / not_empty


def schedule(flow: Messages, region: str, book: PriceBook) -> Part:
    """Price a scheduler's invocations."""
    return part_of(
        "eventbridge-scheduler",
        {},
        partial(eventbridge.scheduler, book, region, invocations=book.number(flow.monthly)),
    )
