"""Quotes for AWS Lambda: functions, Managed Instances, durable functions and Lambda@Edge."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from advisor.cost import aws_lambda, durable, lambda_capacity, lambda_edge, managed_instances
from advisor.limits import limits
from advisor.quote.meter import ZERO, Meter, Refused, key
from advisor.units import MS_PER_SECOND, PERCENT

if TYPE_CHECKING:
    from advisor.cost.bill import LineItem
    from advisor.tariff import PriceBook

# Lambda keeps a vCPU of every instance for itself, so it takes none of a single vCPU, and none
# whose vCPUs are burstable.
_TOO_SMALL = ("nano", "micro", "small", "medium")
_BURSTABLE = "t"
NO_DURATION = "no duration is stated, so the duration of these requests is not priced"


class LambdaFunction(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "lambda"
    about: ClassVar[str] = "Functions: requests, duration, provisioned concurrency"

    requests: Annotated[Decimal, key("Calls served on demand", "requests")] = ZERO
    duration_ms: Annotated[
        Decimal | None, key("Mean duration of such a call, rounded up to 1 ms", "ms")
    ] = None
    memory_mb: Annotated[Decimal, key("Memory of the function", "MB")] = Decimal(128)
    architecture: Annotated[Literal["x86_64", "arm64"], key("Processor")] = "x86_64"
    ephemeral_storage_mb: Annotated[Decimal, key("Size of /tmp; 512 MB are included", "MB")] = (
        Decimal(512)
    )
    gb_seconds: Annotated[
        Decimal | None, key("Duration on demand, instead of duration_ms", "GB-seconds")
    ] = None
    cold_starts: Annotated[
        Decimal | None, key("Cold starts on demand; each is charged its init_ms", "cold starts")
    ] = None
    init_ms: Annotated[Decimal | None, key("Mean INIT of a cold start", "ms")] = None
    provisioned_concurrency: Annotated[
        Decimal | None, key("Environments kept ready", "environments")
    ] = None
    provisioned_hours: Annotated[
        Decimal | None,
        key("Hours a month that these are enabled, rounded up to 5 minutes", "hours"),
    ] = None
    provisioned_requests: Annotated[
        Decimal, key("Calls served by provisioned concurrency", "requests")
    ] = ZERO
    provisioned_duration_ms: Annotated[
        Decimal | None, key("Mean duration of such a call, rounded up to 1 ms", "ms")
    ] = None
    provisioned_gb_seconds: Annotated[
        Decimal | None,
        key("Capacity, instead of provisioned_concurrency and provisioned_hours", "GB-seconds"),
    ] = None
    provisioned_duration_gb_seconds: Annotated[
        Decimal | None,
        key("Duration of provisioned calls, instead of provisioned_duration_ms", "GB-seconds"),
    ] = None
    snapstart_cached_hours: Annotated[
        Decimal,
        key("Hours a SnapStart version is cached, 3 at least (Python, .NET; Java: 0)", "hours"),
    ] = ZERO
    snapstart_restores: Annotated[
        Decimal, key("SnapStart restores (Python and .NET; Java: 0)", "restores")
    ] = ZERO
    streamed_gb: Annotated[
        Decimal, key("Streamed data, only what each response has beyond its first 6 MB", "GB")
    ] = ZERO
    sqs_poller_hours: Annotated[
        Decimal, key("SQS event pollers in provisioned mode, all together", "EPU-hours")
    ] = ZERO
    kafka_poller_hours: Annotated[
        Decimal, key("Kafka event poller units in provisioned mode, all together", "EPU-hours")
    ] = ZERO
    new_tenant_environments: Annotated[
        Decimal, key("New environments that tenant isolation starts", "environments")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:
        self._check()
        return [
            *aws_lambda.used(
                book,
                region,
                architecture=self.architecture,
                memory_mb=self.memory_mb,
                requests=self.requests,
                duration_ms=self.duration_ms or ZERO,
                gb_seconds=self.gb_seconds or ZERO,
                cold_starts=self.cold_starts or ZERO,
                init_ms=self.init_ms or ZERO,
                ephemeral_storage_mb=self.ephemeral_storage_mb,
                provisioned_requests=self.provisioned_requests,
                provisioned_duration_ms=self.provisioned_duration_ms or ZERO,
                provisioned_gb_seconds=self.provisioned_duration_gb_seconds or ZERO,
                free_tier=free_tier,
            ),
            *lambda_capacity.provisioned_concurrency(
                book,
                region,
                architecture=self.architecture,
                memory_mb=self.memory_mb,
                concurrency=self.provisioned_concurrency or ZERO,
                enabled_hours=self.provisioned_hours or ZERO,
                requests=self.provisioned_requests,
                duration_ms=self.provisioned_duration_ms or ZERO,
                capacity_gb_seconds=self.provisioned_gb_seconds or ZERO,
                duration_gb_seconds=self.provisioned_duration_gb_seconds or ZERO,
            ),
            *lambda_capacity.snapstart(
                book,
                region,
                memory_mb=self.memory_mb,
                cached_hours=self.snapstart_cached_hours,
                restores=self.snapstart_restores,
            ),
            *lambda_capacity.response_streaming(book, region, gigabytes=self.streamed_gb),
            *lambda_capacity.event_pollers(
                book, region, sqs_hours=self.sqs_poller_hours, kafka_hours=self.kafka_poller_hours
            ),
            *lambda_capacity.tenant_environments(
                book,
                region,
                architecture=self.architecture,
                memory_mb=self.memory_mb,
                environments=self.new_tenant_environments,
            ),
        ]

    def assumed(self) -> dict[str, str]:
        assumed = {}
        if self.requests and self.duration_ms is None and self.gb_seconds is None:
            assumed["duration_ms"] = NO_DURATION
        if (
            self.provisioned_requests
            and self.provisioned_duration_ms is None
            and self.provisioned_duration_gb_seconds is None
        ):
            assumed["provisioned_duration_ms"] = NO_DURATION
        return assumed

    def _check(self) -> None:
        _check_memory(self.memory_mb)
        _check_range(
            "ephemeral_storage_mb",
            self.ephemeral_storage_mb,
            "lambda.ephemeral_storage_included_mb",
            "lambda.ephemeral_storage_max_mb",
        )
        for name in ("duration_ms", "provisioned_duration_ms", "init_ms"):
            _check_duration(name, getattr(self, name))
        self._check_either("gb_seconds", ("duration_ms",))
        self._check_either(
            "provisioned_gb_seconds", ("provisioned_concurrency", "provisioned_hours")
        )
        self._check_either("provisioned_duration_gb_seconds", ("provisioned_duration_ms",))
        self._check_both("provisioned_concurrency", "provisioned_hours")
        self._check_both("cold_starts", "init_ms")
        if self.requests and (self.cold_starts or ZERO) > self.requests:
            raise Refused("cold_starts", "there are more cold starts than requests on demand")

    def _check_either(self, total: str, parts: tuple[str, ...]) -> None:
        for part in parts:
            if getattr(self, total) is not None and getattr(self, part) is not None:
                raise Refused(
                    total,
                    f"{total} and {part} both say the same GB-seconds",
                    f"State {total} or {' and '.join(parts)}.",
                )

    def _check_both(self, first: str, second: str) -> None:
        for stated, other in ((first, second), (second, first)):
            if getattr(self, stated) is not None and getattr(self, other) is None:
                raise Refused(
                    other,
                    f"{stated} is charged together with {other}, which is not stated",
                    f"State {other} too; 0 is a value.",
                )


class LambdaManagedInstances(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "lambda-managed-instances"
    about: ClassVar[str] = "Functions on EC2: instances, management fee, requests"

    instance_type: Annotated[str | None, key("EC2 instance type, such as m7g.xlarge")] = None
    instance_hours: Annotated[
        Decimal, key("Hours of all instances together; Lambda starts 3 by default", "hours")
    ] = ZERO
    requests: Annotated[Decimal, key("Calls served", "requests")] = ZERO
    ec2_discount_percent: Annotated[
        Decimal, key("Discount on the EC2 price, such as a Savings Plan's; not on the fee", "%")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        if self.ec2_discount_percent > PERCENT:
            raise Refused(
                "ec2_discount_percent",
                f"a discount of {self.ec2_discount_percent} % is more than the price",
                f"State 0 to {PERCENT}.",
            )
        if self.instance_type is None and self.instance_hours:
            raise Refused(
                "instance_type",
                "instance_hours are charged at the price of an instance type, and none is stated",
                "State one, such as m7g.xlarge.",
            )
        instance_type = self.instance_type or ""
        if instance_type.startswith(_BURSTABLE) or instance_type.endswith(_TOO_SMALL):
            raise Refused(
                "instance_type",
                f"Lambda runs no Managed Instances of type {instance_type}",
                "It offers compute, general and memory families of 2 vCPU and more.",
            )
        return managed_instances.managed_instances(
            book,
            region,
            instance_type=instance_type,
            instance_hours=self.instance_hours,
            requests=self.requests,
            ec2_discount_percent=self.ec2_discount_percent,
        )


class LambdaDurable(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "lambda-durable"
    about: ClassVar[str] = "Durable functions: operations and data, beside lambda"

    operations: Annotated[
        Decimal, key("Durable operations: executions started, steps, waits", "operations")
    ] = ZERO
    written_gb: Annotated[Decimal, key("Data that the operations write", "GB")] = ZERO
    retained_gb_months: Annotated[
        Decimal, key("Data retained, while running and afterwards", "GB-months")
    ] = ZERO

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        return durable.durable_executions(
            book,
            region,
            operations=self.operations,
            written_gb=self.written_gb,
            retained_gb_months=self.retained_gb_months,
        )


class LambdaEdge(Meter, frozen=True, kw_only=True):
    service: ClassVar[str] = "lambda-edge"
    about: ClassVar[str] = "Lambda@Edge: requests and duration"

    requests: Annotated[Decimal, key("Calls served", "requests")] = ZERO
    duration_ms: Annotated[
        Decimal | None, key("Mean duration of a call, rounded up to 1 ms", "ms")
    ] = None
    memory_mb: Annotated[Decimal, key("Memory of the function", "MB")] = Decimal(128)

    def line_items(self, book: PriceBook, region: str, *, free_tier: bool) -> list[LineItem]:  # noqa: ARG002 - no free tier
        _check_memory(self.memory_mb)
        _check_duration("duration_ms", self.duration_ms)
        return lambda_edge.edge_functions(
            book,
            region,
            requests=self.requests,
            duration_ms=self.duration_ms or ZERO,
            memory_mb=self.memory_mb,
        )

    def assumed(self) -> dict[str, str]:
        return {"duration_ms": NO_DURATION} if self.requests and self.duration_ms is None else {}


def _check_memory(memory_mb: Decimal) -> None:
    _check_range("memory_mb", memory_mb, "lambda.memory_min_mb", "lambda.memory_max_mb")


def _check_range(name: str, value: Decimal, least_key: str, most_key: str) -> None:
    least, most = limits().number(least_key), limits().number(most_key)
    if not least <= value <= most or value % 1:
        raise Refused(
            name,
            f"Lambda offers no {value} MB",
            f"It offers {least:,} to {most:,} MB in steps of 1 MB.",
        )


def _check_duration(name: str, value: Decimal | None) -> None:
    longest = limits().number("lambda.timeout_s") * MS_PER_SECOND
    if value is not None and value > longest:
        raise Refused(
            name,
            f"Lambda stops a call before it lasts {value:,} ms",
            f"A call lasts {longest:,} ms at most.",
        )
