"""The decisions, their options and sizes, and what a requirement can add to a design."""

OPTIONS = {
    "compute": (
        "lambda",
        "lambda-managed-instances",
        "lambda-microvm",
        "lambda-web-function",
        "fargate",
        "fargate-spot",
        "ecs-express-mode",
        "ecs-managed-instances",
        "app-runner",
    ),
    "cold_start": ("none", "snapstart", "provisioned"),
    "api": ("http-api", "rest-api", "function-url", "alb", "websocket-api"),
    "workflow": ("none", "standard", "express", "lambda-durable", "eventbridge-pipes"),
    "messaging": (
        "sqs",
        "sqs-fifo",
        "sns",
        "sns-fifo",
        "eventbridge",
        "eventbridge-custom-bus",
        "kinesis",
        "eventbridge-pipes",
        "eventbridge-scheduler",
    ),
}
SIZING = {"architecture": ("x86_64", "arm64")}
"""What is chosen inside an option and rules may speak of, as ``option.architecture``."""
COMPANIONS = ("dead-letter-queue", "idempotency-table", "sqs-queue-per-consumer")
FOLDER = ".advisor/rules"
"""Where a user's rules are looked for, from the working directory."""
