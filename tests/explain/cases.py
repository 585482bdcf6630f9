"""Workloads that the tests of explanations share."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from advisor.explain.case import Case
from advisor.workload.loading import load

ROOT = Path(__file__).parents[2]
EXAMPLES = ("checkout-api", "image-pipeline", "internal-service", "nightly-batch", "webhook")
WIDE = """
name: wide
region: us-east-1
traffic: {monthly_requests: 30000000, peak_rps: 220,
  bursts: [{rps: 200, duration_s: 60, per_day: 4}]}
compute: {invocation: sync, runtime: python3.13, memory_mb: 1024, request_duration_ms: 200,
  duration_p50_ms: 150, duration_p99_ms: 900, init_p99_ms: 2500, thread_safe: true}
slo: {latency_p99_ms: 1500}
api: {style: request_response}
workflow: {monthly_executions: 100000, states: 8, branches: 3}
messaging: {pattern: fanout, consumers: 3, message_kb: 4}
"""
TODAY = """
name: today
region: us-east-1
traffic: {monthly_requests: 30000000, peak_rps: 220}
compute: {invocation: sync, runtime: python3.13, memory_mb: 1024, request_duration_ms: 200,
  duration_p50_ms: 150, duration_p99_ms: 900, thread_safe: true, interruptible: true}
slo: {latency_p99_ms: 1500}
api: {style: request_response}
current: {compute: fargate, api: alb}
"""
NOTHING_LEFT = """
name: none
region: us-east-1
traffic: {monthly_requests: 1000000, peak_rps: 5}
compute: {request_duration_ms: 2000, memory_mb: 512, invocation: sync}
slo: {latency_p99_ms: 100}
api: {style: request_response}
"""


def case_of(text: str, folder: Path) -> Case:
    """Return the case of a workload file's text."""
    file = folder / "workload.yaml"
    file.write_text(text)
    return Case(load(str(file)).workload)


@cache
def example(name: str) -> Case:
    """Return the case of an example that ships with the advisor, answered once for all tests."""
    return Case(load(str(ROOT / "examples" / f"{name}.yaml")).workload)
