"""How options, designs and their sizes are named for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from advisor.decisions.recommendation import Candidate, Design

DECISIONS = {
    "compute": "Compute",
    "cold_start": "Cold start",
    "api": "API",
    "workflow": "Workflow",
    "messaging": "Messaging",
}
_NAMES = {
    "lambda": "Lambda",
    "fargate": "Fargate",
    "fargate-spot": "Fargate Spot",
    "lambda-managed-instances": "Lambda Managed Instances",
    "lambda-microvm": "Lambda MicroVM",
    "lambda-web-function": "Lambda Web Function",
    "ecs-express-mode": "ECS Express Mode",
    "ecs-managed-instances": "ECS Managed Instances",
    "app-runner": "App Runner",
    "http-api": "HTTP API",
    "rest-api": "REST API",
    "function-url": "function URL",
    "alb": "ALB",
    "websocket-api": "WebSocket API",
    "none": "no measure",
    "snapstart": "SnapStart",
    "provisioned": "provisioned concurrency",
    "standard": "Step Functions Standard",
    "express": "Step Functions Express",
    "lambda-durable": "durable functions",
    "eventbridge-pipes": "EventBridge Pipes",
    "sqs": "SQS",
    "sqs-fifo": "SQS FIFO",
    "sns": "SNS",
    "sns-fifo": "SNS FIFO",
    "eventbridge": "EventBridge",
    "eventbridge-custom-bus": "EventBridge Custom Event Bus",
    "kinesis": "Kinesis Data Streams",
    "eventbridge-scheduler": "EventBridge Scheduler",
}
_COMPANIONS = {
    "dead-letter-queue": "a dead-letter queue",
    "idempotency-table": "an idempotency table",
    "sqs-queue-per-consumer": "a queue for each consumer",
}


def name(option: str, decision: str | None = None) -> str:
    """Name an option; ``none`` means another thing in each decision."""
    if option == "none" and decision == "workflow":
        return "no orchestrator"
    return _NAMES.get(option, option)


def design(candidate: Candidate) -> str:
    """Name a design: "Lambda behind HTTP API"."""
    return choices(candidate.design)


def choices(chosen: Design) -> str:
    """Name the options of a design: "Lambda behind HTTP API, Step Functions Express, SQS"."""
    parts = [serving(chosen)]
    if chosen.workflow not in (None, "none"):
        parts.append(name(str(chosen.workflow)))
    if chosen.messaging is not None:
        parts.append(name(chosen.messaging))
    return ", ".join(part for part in parts if part) or name("none", "workflow")


def serving(chosen: Design) -> str:
    """Name what answers requests: "Lambda with provisioned concurrency behind HTTP API"."""
    parts = [name(option) for option in (chosen.compute, chosen.api) if option is not None]
    if chosen.cold_start not in (None, "none"):
        parts[0] += f" with {name(str(chosen.cold_start))}"
    return " behind ".join(parts)


def in_table(decision: str, option: str, chosen: Design) -> str:
    """Name an option's row in the table of its decision."""
    if decision in ("workflow", "messaging"):
        return name(option, decision)
    return serving(chosen)


def sizes(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Say how a design is sized, each block in a phrase of its own."""
    phrases = (
        ("", _compute(values)),
        ("Workflow: ", _workflow(values.get("workflow", {}))),
        ("Messaging: ", _messaging(values.get("messaging", {}))),
    )
    return tuple(f"{block}{phrase}" for block, phrase in phrases if phrase)


def _compute(values: Mapping[str, Any]) -> str:
    if "task_vcpu" in values:
        return _tasks(values)
    if "instance_type" in values:
        count = counted(values["instances"], f"{values['instance_type']} instance")
        each = f"{values['memory_mb'] / 1024:g} GB an environment"
        return f"{values['architecture']}, {count}, {each}"
    parts = [values["architecture"]] if "architecture" in values else []
    if "session_s" in values:
        parts += [f"{values['vcpu']:g} vCPU", f"{values['memory_mb'] / 1024:g} GB"]
        parts.append(f"sessions of {values['session_s']:,.0f} s")
    elif "memory_mb" in values:
        parts.append(f"{values['memory_mb']:g} MB")
    return ", ".join(parts)


def _tasks(values: Mapping[str, Any]) -> str:
    task = f"{values['task_vcpu']:g} vCPU, {values['task_memory_mb'] / 1024:g} GB"
    if values["mode"] == "task-per-run":
        count = f"one task a run ({values['run_s']:,.0f} s with its start)"
    elif values["tasks_min"] == values["tasks_max"]:
        count = counted(values["tasks_max"], "task")
    else:
        count = f"{values['tasks_min']:,} to {values['tasks_max']:,} tasks by the hour"
    return f"{values['architecture']}, {count} of {task}"


def _workflow(values: Mapping[str, Any]) -> str:
    parts = [f"{values['mode']}hronous" if "mode" in values else ""]
    for key, unit in (
        ("transitions_per_execution", "transition"),
        ("operations_per_execution", "operation"),
    ):
        if key in values:
            parts.append(f"{counted(values[key], unit)} an execution")
    if values.get("children"):
        parts.append(f"{counted(values['children_per_execution'], 'Express child')} each")
    return ", ".join(part for part in parts if part)


def _messaging(values: Mapping[str, Any]) -> str:
    parts = []
    if values.get("mode"):
        parts.append(str(values["mode"]))
    if "shards" in values:
        parts.append(counted(values["shards"], "shard"))
    if "readers" in values:
        parts.append(f"read by {values['readers']}")
    if values.get("batch_size", 1) > 1:
        parts.append(f"batches of {values['batch_size']:,}")
    if "mapping" in values:
        at_once = values["mapping"]["concurrency_at_peak"]
        parts.append(f"{max(1, round(at_once)):,} at once at the peak")
    if "consumers" in values and values.get("consumer_protocol"):
        how = {"sqs": "through a queue", "lambda": "by Lambda", "http": "over HTTP"}
        parts.append(
            f"{counted(values['consumers'], 'consumer')}"
            f" {how.get(values['consumer_protocol'], values['consumer_protocol'])}"
        )
    parts += [f"with {_COMPANIONS.get(each, each)}" for each in values.get("companions", ())]
    return ", ".join(parts)


def kept_ready(plan: Mapping[str, Any]) -> str:
    """Say how much provisioned concurrency a design has, and whether it pays by itself."""
    sized = {
        "static": "the same all day",
        "scheduled": "scheduled by the hour",
        "average": "tracking the average use",
        "maximum": "tracking the highest use",
    }
    low, high = min(plan["by_hour"]), max(plan["by_hour"])
    count = f"{high:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
    removed = (
        "fewer than stay warm anyway, so that they remove no cold start"
        if plan["removes"] < 0.01
        else f"they remove {plan['removes']:.0%} of the cold starts"
    )
    text = f"{count} environments kept ready, {sized[plan['sized']]}: {removed}"
    text += f". Busy {plan['utilisation']:.0%} of the time"
    break_even = plan["break_even_utilisation"]
    if break_even is not None:
        text += f"; above {break_even:.0%} that is cheaper than on demand"
    return f"{text}."


def counted(count: float, thing: str) -> str:
    """Return a number with its noun: "1 task", "1,200 tasks", "3 Express children"."""
    plural = "children" if thing.endswith("child") else "s"
    many = thing.removesuffix("child") + plural if plural == "children" else thing + plural
    return f"{count:,.6g} {thing if count == 1 else many}"
