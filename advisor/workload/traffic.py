"""How many requests arrive, and when."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from advisor.workload.fields import Count, Rate, about


class TrafficBurst(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A jump of the whole rate that repeats, evenly spaced over the day."""

    rps: Annotated[
        float,
        Meta(gt=0, le=1e9),
        about("Requests per second during the burst, all of them.", example=200),
    ]
    duration_s: Annotated[
        float, Meta(gt=0, le=86_400), about("How long the burst lasts, in seconds.", example=10)
    ]
    per_day: Annotated[
        float, Meta(gt=0, le=86_400), about("How often it comes in a day.", example=24)
    ]


class Traffic(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The load. Give `monthly_requests` or `average_rps`; the other follows from the month."""

    monthly_requests: Annotated[
        Count | None,
        about("Requests, events, messages or jobs in a month.", example=42_000_000),
    ] = None
    average_rps: Annotated[
        Rate | None,
        about("Mean requests per second over the whole month.", example=16),
    ] = None
    peak_rps: Annotated[
        Rate | None,
        about(
            "Highest requests per second that must be carried. Not stated: the busiest hour of"
            " the profile times a factor that depends on `pattern`.",
            example=220,
        ),
    ] = None
    pattern: Annotated[
        Literal["steady", "diurnal", "bursty", "spiky", "scheduled", "idle"] | None,
        about("Shape of the load over the day.", default="steady", example="diurnal"),
    ] = None
    hourly_profile: Annotated[
        Annotated[list[Annotated[float, Meta(ge=0, le=1e12)]], Meta(min_length=24, max_length=24)]
        | None,
        about(
            "24 relative weights, one for each hour of the day from 00:00. Not stated: the same"
            " load in every hour, except that `idle_hours_per_day` hours get none.",
            example=[2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10, 9, 9, 9, 9, 8, 7, 6, 5, 4, 4, 3, 3],
        ),
    ] = None
    idle_hours_per_day: Annotated[
        Annotated[float, Meta(ge=0, le=23)] | None,
        about("Hours of a day without any request.", default=0, example=4),
    ] = None
    ramp_doubling_minutes: Annotated[
        Annotated[float, Meta(gt=0, le=1e6)] | None,
        about("Fastest time in which the load was seen to double, in minutes.", example=10),
    ] = None
    bursts: Annotated[
        Annotated[list[TrafficBurst], Meta(max_length=50)] | None,
        about(
            "Jumps of the whole rate that are over within minutes. Their requests are part of the"
            " average; what an hour does not have, they add.",
            example=[{"rps": 200, "duration_s": 10, "per_day": 24}],
        ),
    ] = None
    session_starts_per_s: Annotated[
        Rate | None,
        about("Sessions that start per second, for session-like work (MicroVMs).", example=0),
    ] = None
    trace_file: Annotated[
        Annotated[str, Meta(min_length=1, max_length=4096)] | None,
        about("CSV of measured arrivals: timestamp,requests[,duration_ms]. Not read yet."),
    ] = None
