"""The design that is deployed today, as ``current`` declares it: judged, priced and timed.

What is not declared is chosen as for a recommendation. Nothing that speaks against the design keeps
it from being priced: it runs, and it is paid for.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.capacity.fargate import TaskSize
from advisor.cost.bill import total
from advisor.decisions.beside import beside_of
from advisor.decisions.candidates import candidate_of, designs
from advisor.decisions.curves import by_architecture
from advisor.decisions.joining import Whole, joined
from advisor.decisions.memories import at
from advisor.decisions.options import NOT_PRICED
from advisor.decisions.path import FARGATE
from advisor.decisions.recommendation import Notice
from advisor.decisions.sizing import ladders
from advisor.rulebook.rulebook import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from advisor.decisions.answering import Field
    from advisor.decisions.recommendation import Candidate, Design
    from advisor.decisions.situation import Situation
    from advisor.decisions.sized import Sized
    from advisor.tariff import PriceBook
    from advisor.workload import Current


def current_of(field: Field) -> tuple[Candidate | None, tuple[Notice, ...]]:
    """Return the declared design, and why there is none although one is declared."""
    current = field.situation.workload.current
    if current is None:
        return None, ()
    wanted = {name: option for name in DECISIONS if (option := getattr(current, name)) is not None}
    # What is not said to be a remedy for cold starts is none.
    wanted.setdefault("cold_start", "provisioned" if current.provisioned_concurrency else "none")
    without_price = tuple(
        Notice(
            code="option-without-price",
            message=f"{option} is declared as the design of today, and no price of it is known",
            field=f"current.{decision}",
        )
        for decision, option in wanted.items()
        if option in NOT_PRICED.get(decision, ())
    )
    if without_price:
        return None, without_price
    parts = []
    for block in _blocks(field, current, wanted):
        matching = [each for each in block if _matches(each.design, wanted)]
        if not matching:
            return None, (_no_such_design(wanted),)
        parts.append(min(matching, key=_order))
    whole = Whole(parts=tuple(parts), monthly_usd=0.0)
    choices = whole.design.choices()
    said = field.rulebook.judge_whole(choices.items(), field.context.of(choices), costs=False)
    return joined(field.late(replace(whole, verdicts=tuple(said)))), ()


def _blocks(field: Field, current: Current, wanted: dict[str, str]) -> list[list[Candidate]]:
    first = [
        candidate_of(
            field.pricer,
            field.rulebook,
            field.context,
            design,
            thorough=True,
            sizes=partial(_sizes, design=design, book=field.book, current=current),
        )
        for design in designs(field.situation.workload)
        if _matches(design, wanted)
    ]
    beside = beside_of(field.pricer, field.rulebook, field.context, thorough=True)
    return [*([first] if first else []), *beside.values()]


def _matches(design: Design, wanted: dict[str, str]) -> bool:
    return all(wanted.get(name, option) == option for name, option in design.choices().items())


def _no_such_design(wanted: dict[str, str]) -> Notice:
    named = ", ".join(f"{name}: {option}" for name, option in wanted.items())
    return Notice(
        code="current-impossible",
        message=f"no design has what `current` declares together ({named})",
        field="current",
    )


def _order(candidate: Candidate) -> tuple[bool, int, float]:
    """Rank candidates of the declared options: priced ones, then by what speaks against them."""
    unpriced = bool(candidate.missing or candidate.unstated)
    return unpriced, len(candidate.excluded_by), float(total(candidate.line_items))


def _sizes(
    situation: Situation, *, design: Design, book: PriceBook, current: Current
) -> list[Iterable[Sized]]:
    """Return the sizes of a design that have everything that is declared of them."""
    if situation.running is None or design.compute is None:
        return ladders(situation, design, book)
    if design.compute in FARGATE:
        sized = _with_task_size(situation, current)
        return [
            [_with_tasks(sized, each, current) for each in ladder]
            for ladder in ladders(sized, design, book, with_objective=current.tasks is None)
        ]
    return [
        ladder
        for each in _with_memory(situation, design, current)
        for ladder in ladders(
            each, design, book, provisioned_concurrency=current.provisioned_concurrency
        )
    ]


def _architectures(situation: Situation, current: Current) -> tuple[str, ...]:
    running = situation.running
    if running is None or current.architecture is None:
        return () if running is None else running.architectures
    return (current.architecture,)


def _with_memory(situation: Situation, design: Design, current: Current) -> list[Situation]:
    """Return the function at the declared memory, once for each architecture that it may have."""
    running, compute = situation.running, situation.workload.compute
    if running is None or compute is None:
        return [situation]
    architectures = tuple(
        each for each in _architectures(situation, current) if each in running.architectures
    )
    memory_mb = current.memory_mb
    if design.compute != "lambda" or memory_mb is None or memory_mb == running.memory_mb:
        return [replace(situation, running=replace(running, architectures=architectures))]
    curves = by_architecture(compute, running.memory_mb, running.duration.mean_ms, architectures)
    return [at(situation, each, curve, memory_mb) for each, curve in curves.items()]


def _with_task_size(situation: Situation, current: Current) -> Situation:
    running = situation.running
    if running is None:
        return situation
    sizes = running.task_sizes
    if current.task_vcpu is not None and current.task_memory_mb is not None:
        stated = TaskSize(vcpu=current.task_vcpu, memory_mb=current.task_memory_mb)
        # A task in whose memory no process fits serves nothing.
        sizes = (stated,) if running.work.slots(stated) >= 1 else ()
    else:
        sizes = tuple(
            size
            for size in sizes
            if current.task_vcpu in (None, size.vcpu)
            and current.task_memory_mb in (None, size.memory_mb)
        )
    return replace(
        situation,
        running=replace(
            running, task_sizes=sizes, architectures=_architectures(situation, current)
        ),
    )


def _with_tasks(situation: Situation, sized: Sized, current: Current) -> Sized:
    if current.tasks is None or "tasks_max" not in sized.shown:
        return sized
    hours = current.tasks * situation.arrivals.month_hours
    counts = {"tasks_min": current.tasks, "tasks_max": current.tasks, "task_hours": hours}
    return replace(sized, shown={**sized.shown, **counts})
