"""Run `advisor gate` in a workflow of GitHub: inputs and event from the environment, reports out.

Everything that a pull request could have written is data here: nothing of it becomes part of a
command, and nothing of it is printed where the runner would take it for one of its own commands.
"""

from __future__ import annotations

import html
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor.report.gate_markdown import MARKER

if TYPE_CHECKING:
    from collections.abc import Mapping

REPORTS = {
    "json": "gate.json",
    "table": "gate.txt",
    "markdown": "gate.md",
    "github-summary": "summary.md",
    "github": "annotations.txt",
    "sarif": "gate.sarif",
    "junit": "gate.xml",
}
"""The formats that are written, and the name of each one's file in the folder of the reports."""
OWN_OPTIONS = ("--against", "--tip", "--policy", "--policy-from", "--format", "--output")
JUDGED = (0, 1, 4)
"""The exit codes with which the advisor has an outcome; Python ends with 1 too when it breaks."""
MOST_ERRORS = 8_000
"""How many characters of errors are shown; escaped for HTML they are six times as many at most."""
NO_COMMIT = re.compile("0+")


class Refused(Exception):
    """The workflow asks for something that cannot be run."""


def main() -> None:
    """Judge, write what the workflow reads, and leave the exit code to the action's last step."""
    reports = Path(os.environ["GATE_FOLDER"], "reports")
    reports.mkdir()
    try:
        event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())
        command = arguments(os.environ, event, reports)
    except Refused as refused:
        code, errors = 2, f"error: {refused}\n"
    else:
        code, errors = run(command)
    if code in JUDGED and (reports / REPORTS["json"]).exists():
        outcome = json.loads((reports / REPORTS["json"]).read_bytes())
        tell(verdict=outcome["verdict"], delta=delta(outcome), code=code, reports=reports)
        print_as_text((reports / REPORTS["table"]).read_text(encoding="utf-8") + errors)
        sys.stdout.write((reports / REPORTS["github"]).read_text(encoding="utf-8"))
        summarise((reports / REPORTS["github-summary"]).read_text(encoding="utf-8"))
    else:
        tell(verdict="error", delta="", code=code or 2, reports=reports)
        print_as_text(errors)
        first = next((line for line in errors.splitlines() if line.strip()), "no reason given")
        sys.stdout.write(f"::error title=advisor gate::{command_data(first)}\n")
        (reports / REPORTS["markdown"]).write_text(f"{MARKER}\n{failed(errors)}", encoding="utf-8")
        summarise(failed(errors))


def arguments(inputs: Mapping[str, str], event: Mapping[str, Any], reports: Path) -> list[str]:
    """Return the arguments of `advisor` for the inputs of the action."""
    command = ["gate", "--against", inputs["GATE_AGAINST"] or base(inputs, event)]
    if boolean("tip", inputs["GATE_TIP"]):
        command.append("--tip")
    if inputs["GATE_POLICY"]:
        command += ["--policy", inputs["GATE_POLICY"]]
    command += ["--policy-from", inputs["GATE_POLICY_FROM"]]
    for line in lines(inputs["GATE_OPTIONS"]):
        name = re.split(r"[\s=]", line, maxsplit=1)[0]
        # click takes no shortened options, so this is every way to write one.
        if not name.startswith("--") or name in (*OWN_OPTIONS, "--"):
            raise Refused(f"`{name}` cannot stand in `options`: it is no option or an input's own")
        command += line.split(maxsplit=1)
    for format_, file in REPORTS.items():
        command += ["--format", format_, "--output", str(reports / file)]
    return [*command, "--", *lines(inputs["GATE_FILES"])]


def lines(text: str) -> list[str]:
    """Return the lines of an input that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def boolean(name: str, text: str) -> bool:
    """Return an input that is true or false; GitHub checks no types."""
    if text not in ("true", "false"):
        raise Refused(f"`{name}` is true or false, not {text!r}")
    return text == "true"


def base(environment: Mapping[str, str], event: Mapping[str, Any]) -> str:
    """Return what an event's change is compared with.

    The base branch by its full name, since a tag that is called origin/main would go before it; not
    the commit in the event, which stays behind when the base branch moves on and the pull request
    does not.
    """
    kind = environment["GITHUB_EVENT_NAME"]
    if kind == "pull_request":
        return remote(environment["GITHUB_BASE_REF"])
    if kind == "merge_group":
        return str(event["merge_group"]["base_sha"])
    if kind == "push":
        before = str(event["before"])
        if NO_COMMIT.fullmatch(before):
            return remote(event["repository"]["default_branch"])
        return before
    if kind == "pull_request_target":
        raise Refused(
            "on pull_request_target the checkout is the base, and nothing would be judged; use"
            " pull_request"
        )
    raise Refused(f"a {kind} event has no base; state the input `against`")


def remote(branch: str) -> str:
    """Return a branch of origin as a revision that can be nothing else."""
    # The advisor takes a name that ends with .json for a baseline file.
    return f"refs/remotes/origin/{branch}" + ("^0" if branch.endswith(".json") else "")


def run(command: list[str]) -> tuple[int, str]:
    """Run the advisor; return its exit code and what it said on standard error."""
    # -I: no module comes from the checkout.
    done = subprocess.run(  # noqa: S603 - a list, no shell
        [sys.executable, "-I", "-m", "advisor", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def delta(outcome: Mapping[str, Any]) -> str:
    """Return the change of the sum in USD a month, empty when the sum leaves a workload out."""
    totals = outcome["totals"]
    return "" if totals["left_out"] else str(totals["delta_usd"])


def tell(*, verdict: str, delta: str, code: int, reports: Path) -> None:
    """Write the outputs of the step."""
    told = {"verdict": verdict, "monthly-delta": delta, "exit-code": code, "report-path": reports}
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in told.items())


def summarise(text: str) -> None:
    """Add to the summary of the job."""
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as file:
        file.write(text)


def print_as_text(text: str) -> None:
    """Print what holds names of the checkout while the runner takes no commands."""
    word = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{word}\n{text.rstrip()}\n::{word}::\n")


def command_data(text: str) -> str:
    """Escape the message of a command to the runner."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def failed(errors: str) -> str:
    """Return the Markdown of a run without an outcome."""
    shown, rest = errors[:MOST_ERRORS], errors[MOST_ERRORS:]
    return (
        "**advisor gate: nothing was judged**\n\n"
        f"<pre>{html.escape(shown)}{'…' if rest else ''}</pre>\n"
        + ("\nThe rest is in the job's log.\n" if rest else "")
    )


if __name__ == "__main__":
    main()
