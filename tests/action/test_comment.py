"""The comment in the pull request, with GitHub's side of it played by a server on this machine."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.action.test_steps import FILES, Clone, clone, pull_request
from tests.gate.conftest import shop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.action.conftest import Ran, Runner

__all__ = ["clone"]


class GitHub:
    """The comments of one pull request, a page for each, and who may write them."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.asked = 0
        self.token = "secret-token"  # noqa: S105 - nobody's
        self.may_write = True
        self.status = 200
        self.location = ""

    def add(self, body: str, *, own: bool) -> None:
        number = len(self.comments)
        self.comments.append({"id": f"IC_{number}", "body": body, "viewerDidAuthor": own})

    def answer(self, query: str, variables: dict[str, str]) -> dict[str, Any]:
        if "comments(first" in query:
            number = int(variables["after"] or 0)
            page = {
                "nodes": self.comments[number : number + 1],
                "pageInfo": {
                    "hasNextPage": number + 1 < len(self.comments),
                    "endCursor": str(number + 1),
                },
            }
            return {"data": {"node": {"comments": page}}}
        if not self.may_write:
            return {
                "data": None,
                "errors": [{"message": "Resource not accessible\nby integration"}],
            }
        if "addComment" in query:
            assert variables["pull"] == "PR_7"
            self.add(variables["body"], own=True)
        else:
            (found,) = [each for each in self.comments if each["id"] == variables["comment"]]
            found["body"] = variables["body"]
        return {"data": {}}


@pytest.fixture
def github(runner: Runner) -> Iterator[GitHub]:
    hub = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hub.asked += 1
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = hub.status if self.headers["Authorization"] == f"Bearer {hub.token}" else 401
            self.send_response(status)
            if hub.location:
                self.send_header("Location", hub.location)
            self.end_headers()
            self.wfile.write(json.dumps(hub.answer(**asked)).encode())

        def do_GET(self) -> None:
            hub.asked += 1  # urllib follows a redirection with GET

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    runner.graphql = f"http://127.0.0.1:{server.server_port}/graphql"
    runner.token = hub.token
    yield hub
    server.shutdown()
    server.server_close()


@pytest.fixture
def checkout(clone: Clone) -> Path:
    clone.push("change", {"workloads/shop.yaml": shop(memory=2048)})
    return clone.merge("change")


def judge(
    runner: Runner, checkout: Path, inputs: Mapping[str, str] | None = None, *, fork: bool = False
) -> Ran:
    given = {"files": FILES, "comment": "true", **(inputs or {})}
    return runner.run(checkout, pull_request(fork=fork), given)


def test_one_comment_is_written_and_renewed(runner: Runner, checkout: Path, github: GitHub) -> None:
    github.add("Looks good to me.", own=False)

    assert judge(runner, checkout).code == 1
    first = github.comments[-1]["body"]
    ran = judge(runner, checkout, {"options": "--max-increase 1000"})

    assert ran.code == 0
    assert [line for line in ran.commands if not line.startswith("::notice ")] == []
    assert len(github.comments) == 2
    marker, _, text = github.comments[-1]["body"].partition("\n")
    assert marker.startswith("<!--")
    assert first.startswith(f"{marker}\n")
    assert first != github.comments[-1]["body"]
    assert "shop" in text


def test_a_run_without_a_verdict_takes_the_place_of_the_old_one(
    runner: Runner, checkout: Path, github: GitHub
) -> None:
    judge(runner, checkout)
    assert judge(runner, checkout, {"files": "none.yaml"}).code == 2

    (comment,) = github.comments
    assert "nothing was judged" in comment["body"]


def test_a_strangers_comment_with_the_marker_is_left_alone(
    runner: Runner, checkout: Path, github: GitHub
) -> None:
    judge(runner, checkout)
    github.comments[0]["viewerDidAuthor"] = False
    forged = dict(github.comments[0])
    judge(runner, checkout)

    assert github.comments[0] == forged
    assert len(github.comments) == 2


def test_two_gates_have_two_comments(runner: Runner, checkout: Path, github: GitHub) -> None:
    for key in ("", "eu", "us --> <b>", "eu", ""):
        judge(runner, checkout, {"comment-key": key})

    assert len(github.comments) == 3
    assert "<b>" not in github.comments[2]["body"].partition("\n")[0]


def test_from_a_fork_the_summary_is_written_and_no_comment_is_tried(
    runner: Runner, checkout: Path, github: GitHub
) -> None:
    ran = judge(runner, checkout, fork=True)

    assert (ran.code, ran.outputs["verdict"]) == (1, "fail")
    assert "shop" in ran.summary
    assert github.asked == 0
    assert [line for line in ran.commands if "from a fork" in line]


@pytest.mark.parametrize("inputs", [{"comment": "false"}, {"token": ""}])
def test_no_comment_is_tried_that_nobody_asked_for_or_that_has_no_token(
    runner: Runner, checkout: Path, github: GitHub, inputs: dict[str, str]
) -> None:
    assert judge(runner, checkout, inputs).code == 1
    assert github.asked == 0


@pytest.mark.parametrize("trouble", ["permission", "token", "server", "nobody", "redirection"])
def test_a_comment_that_fails_is_a_warning_and_changes_no_verdict(
    runner: Runner, checkout: Path, github: GitHub, trouble: str
) -> None:
    if trouble == "permission":
        github.may_write = False
    elif trouble == "token":
        runner.token = "another-token"  # noqa: S105 - nobody's
    elif trouble == "server":
        github.status = 502
    elif trouble == "redirection":
        github.status, github.location = 302, runner.graphql.replace("127.0.0.1", "localhost")
    else:
        runner.graphql = "http://127.0.0.1:1/"

    ran = judge(runner, checkout)

    assert (ran.code, ran.outputs["verdict"]) == (1, "fail")
    assert [line for line in ran.commands if line.startswith("::warning title=advisor gate::The c")]
    assert github.comments == []
    assert github.asked == {"permission": 2, "nobody": 0}.get(trouble, 1)
    assert "token" not in ran.log


def test_the_token_is_known_to_the_comment_alone(
    runner: Runner, checkout: Path, github: GitHub
) -> None:
    with_token = [step for step in runner.action["runs"]["steps"] if "token" in str(step["env"])]

    assert [step["name"] for step in with_token] == ["Comment in the pull request"]
    ran = judge(runner, checkout)
    assert github.token not in ran.log + ran.summary + github.comments[0]["body"]


def test_errors_without_end_fit_into_a_comment(
    runner: Runner, clone: Clone, github: GitHub
) -> None:
    many = {f"workloads/{n:03}.yaml": f"{'<' * 90}: {{\n" for n in range(250)}
    clone.push("change", many)
    judge(runner, clone.merge("change"))

    (comment,) = github.comments
    assert 8_000 < len(comment["body"]) <= 65_536
    assert comment["body"].endswith("…</pre>\n\nThe rest is in the job's log.\n")
