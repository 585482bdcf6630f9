"""The candidates of the blocks that stand beside compute: the workflow, and the messaging.

A block is a set of decisions whose options are sized and priced together. Compute with its cold
starts and the front door is one, made by ``candidates``. A decision is asked when the workload has
its section.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from advisor.decisions.companions import companion_items
from advisor.decisions.messages import MESSAGING, messaging_part
from advisor.decisions.messages.mapping import mapping_warnings
from advisor.decisions.recommendation import Candidate, Design
from advisor.decisions.workflow import WORKFLOW, workflow_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.decisions.context import RuleContext
    from advisor.decisions.part import Part
    from advisor.decisions.pricing import Pricer
    from advisor.rulebook import Rulebook


def beside_of(
    pricer: Pricer, rulebook: Rulebook, context: RuleContext, *, thorough: bool = False
) -> dict[str, list[Candidate]]:
    """Return the candidates of the workflow and of the messaging, where the workload asks for them.

    ``thorough`` sizes and prices options that a rule excludes too.
    """
    return {
        decision: [
            _candidate(decision, option, price, pricer, rulebook, context, thorough=thorough)
            for option in options
        ]
        for decision, options, price in _asked(pricer)
    }


def _asked(pricer: Pricer) -> list[tuple[str, tuple[str, ...], Callable[[str], Part]]]:
    """Return the decisions beside compute that are asked, with their options and their price."""
    situation, book = pricer.situation, pricer.book
    region, free_tier = situation.region, situation.free_tier
    asked: list[tuple[str, tuple[str, ...], Callable[[str], Part]]] = []
    if (runs := situation.executions) is not None:
        price = partial(workflow_part, runs=runs, region=region, book=book, free_tier=free_tier)
        asked.append(("workflow", WORKFLOW, price))
    if (flow := situation.messages) is not None:
        price = partial(
            messaging_part, messages=flow, region=region, book=book, free_tier=free_tier
        )
        asked.append(("messaging", MESSAGING, price))
    return asked


def _candidate(
    decision: str,
    option: str,
    price: Callable[[str], Part],
    pricer: Pricer,
    rulebook: Rulebook,
    context: RuleContext,
    *,
    thorough: bool,
) -> Candidate:
    """Judge an option and price it with what it requires, an excluded one only if ``thorough``."""
    choices = {decision: option}
    judged = Candidate(
        design=Design(**choices),
        sizing={},
        line_items=(),
        missing=(),
        verdicts={decision: rulebook.judge(decision, option, context.of(choices))},
    )
    if judged.excluded_by and not thorough:
        return judged
    parts = [price(option)]
    needed = dict.fromkeys(v.companion for v in judged.said("require") if v.companion)
    situation = pricer.situation
    if situation.messages is not None:
        parts += [
            companion_items(
                name,
                option,
                situation.messages,
                situation.region,
                pricer.book,
                free_tier=situation.free_tier,
            )
            for name in needed
        ]
    sizing = {**parts[0].sizing}
    if needed:
        sizing["companions"] = list(needed)
    verdicts = judged.verdicts
    if option == "sqs" and situation.messages is not None:
        warned = mapping_warnings(situation.messages)
        verdicts = {**verdicts, decision: (*verdicts[decision], *warned)}
    return replace(
        judged,
        verdicts=verdicts,
        sizing={decision: sizing},
        line_items=tuple(item for part in parts for item in part.line_items),
        missing=tuple(error for part in parts for error in part.missing),
        missing_variants=tuple(error for part in parts for error in part.missing_variants),
        unstated=tuple(dict.fromkeys(field for part in parts for field in part.unknown)),
        unpriced=tuple(dict.fromkeys(name for part in parts for name in part.unpriced)),
    )
