"""Everything about a workload that pricing a design needs, resolved once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from advisor.decisions import load
from advisor.decisions.executions import executions
from advisor.decisions.messages.flow import messages
from advisor.decisions.presumed import presume
from advisor.decisions.running import Running, running_of
from advisor.decisions.tenants import apart
from advisor.workload import Api, Commitments, Constraints, Workload
from advisor.workload.defaults import default

if TYPE_CHECKING:
    from advisor.decisions.assumptions import Assumptions
    from advisor.decisions.executions import Executions
    from advisor.decisions.load import Arrivals, Payload
    from advisor.decisions.messages import Messages


class Situation(Struct, frozen=True, kw_only=True):
    """A workload as numbers.

    ``running`` is None when no code is asked about, ``executions`` without a workflow, ``messages``
    without messaging.
    """

    workload: Workload
    region: str
    arrivals: Arrivals
    payload: Payload | None
    running: Running | None
    executions: Executions | None
    messages: Messages | None
    private: bool
    in_vpc: bool
    outbound: str
    zones: int
    free_tier: bool

    def scaled(self, factor: float) -> Situation:
        """Return the same workload with ``factor`` times the traffic.

        The share of cold requests stays as it is: INIT is a small part of any bill.
        """
        return replace(
            self,
            arrivals=self.arrivals.scaled(factor),
            executions=None if self.executions is None else self.executions.scaled(factor),
            messages=None if self.messages is None else self.messages.scaled(factor),
        )

    def on(self, architecture: str | None) -> Situation:
        """Return the same workload on one architecture only, or as it is for None."""
        if architecture is None or self.running is None:
            return self
        return replace(self, running=replace(self.running, architectures=(architecture,)))

    def lookup(self, field: str) -> Any:
        """Return a field of the workload file as it is stated, else its default, or None."""
        section, _, name = field.partition(".")
        stated = getattr(getattr(self.workload, section, None), name, None)
        return default(field) if stated is None else stated


def margin_percent(situation: Situation) -> float:
    """Return the margin within which a preference breaks a tie."""
    margin: float = situation.lookup("preferences.tie_margin_percent")
    return margin


def resolve(workload: Workload, assumptions: Assumptions) -> Situation:
    """Fill in what a workload leaves open; each value that is filled is listed."""
    constraints = workload.constraints or Constraints()
    commitments = workload.commitments or Commitments()
    api = workload.api if load.asks_api(workload) else None
    private = bool((api and api.private) or constraints.no_public_endpoint)
    arriving = load.arrivals(workload.traffic, assumptions)
    payload = _payload(workload, api, assumptions)
    running = None
    if workload.compute is not None:
        running = running_of(workload.compute, arriving, assumptions)
    situation = Situation(
        workload=workload,
        region=workload.region,
        arrivals=arriving,
        payload=payload,
        running=running,
        executions=executions(workload, arriving, assumptions),
        messages=messages(
            workload,
            arriving,
            assumptions,
            duration_ms=None if running is None else running.duration.mean_ms,
        ),
        private=private,
        in_vpc=bool(constraints.vpc or constraints.private_resources),
        outbound=(
            "existing" if workload.compute is None else load.outbound(constraints, assumptions)
        ),
        zones=default("constraints.zones") if constraints.zones is None else constraints.zones,
        free_tier=bool(commitments.free_tier),
    )
    presume(situation, assumptions)
    if situation.running is None:
        return situation
    return replace(situation, running=apart(situation, situation.running))


def _payload(workload: Workload, api: Api | None, assumptions: Assumptions) -> Payload | None:
    if api is not None:
        return load.payload(api, assumptions)
    waits = workload.compute is not None and workload.compute.invocation in (None, "sync")
    # Callers inside the account still reach containers through a load balancer.
    return load.payload(Api(), assumptions) if waits else None
