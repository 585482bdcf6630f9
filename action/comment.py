"""Write the gate's report as a comment in the pull request, or renew the one that is there.

Whatever goes wrong is a warning: a comment is a convenience, and the verdict is told by the job.
"""

from __future__ import annotations

import json
import os
import re
import sys
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_KEY = 64
"""The length of a key; the report leaves the room for it."""
TIMEOUT_S = 20
COMMENTS = """
query ($pull: ID!, $after: String) {
  node(id: $pull) {
    ... on PullRequest {
      comments(first: 100, after: $after) {
        nodes { id body viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""
RENEW = """
mutation ($comment: ID!, $body: String!) {
  updateIssueComment(input: {id: $comment, body: $body}) { issueComment { url } }
}
"""
ADD = """
mutation ($pull: ID!, $body: String!) {
  addComment(input: {subjectId: $pull, body: $body}) { commentEdge { node { url } } }
}
"""


class NoComment(Exception):
    """There is a reason not to comment, or GitHub has one."""


class Stay(HTTPRedirectHandler):
    """Follow no redirection: the token is for one host."""

    def redirect_request(self, *_: Any) -> None:
        return None


def main() -> None:
    """Comment, or say why not."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_bytes())
    try:
        pull = pull_request(os.environ, event)
    except NoComment as reason:
        say("notice", f"No comment is written: {reason}. The report is in the job's summary.")
        return
    marker, body = text(Path(os.environ["GATE_FOLDER"], "reports", "gate.md"))
    try:
        for comment in comments(pull):
            # Somebody else's comment may hold the marker: its author could change the report.
            if comment["viewerDidAuthor"] and comment["body"].splitlines()[:1] == [marker]:
                ask(RENEW, comment=comment["id"], body=body)
                return
        ask(ADD, pull=pull, body=body)
    except (NoComment, OSError, HTTPException, ValueError, KeyError, TypeError) as error:
        say("warning", f"The comment could not be written: {error or type(error).__name__}")


def pull_request(environment: Mapping[str, str], event: Mapping[str, Any]) -> str:
    """Return the id of the pull request; raise NoComment when there is none or none to write to."""
    pull = event.get("pull_request")
    if not pull:
        raise NoComment("this is no pull request")
    head = (pull["head"]["repo"] or {}).get("full_name")  # a fork that was deleted is null
    is_fork = head != pull["base"]["repo"]["full_name"]
    if is_fork and environment["GITHUB_EVENT_NAME"] == "pull_request":
        raise NoComment("the pull request is from a fork, whose token may not")
    if not environment["GATE_TOKEN"]:
        raise NoComment("there is no token")
    return str(pull["node_id"])


def text(report: Path) -> tuple[str, str]:
    """Return the marker, which is the first line, and the whole text of the comment."""
    marker, _, rest = report.read_text(encoding="utf-8").partition("\n")
    key = re.sub(r"[^\w.]", "", os.environ["GATE_COMMENT_KEY"])[:MOST_KEY]
    marker += f"<!-- {key} -->" if key else ""
    return marker, f"{marker}\n{rest}"


def comments(pull: str) -> Iterator[Mapping[str, Any]]:
    """Yield the comments of a pull request."""
    after = None
    while True:
        page = ask(COMMENTS, pull=pull, after=after)["node"]["comments"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def ask(query: str, **variables: str | None) -> Any:
    """Return the data of GitHub's answer to a question in GraphQL."""
    request = Request(  # noqa: S310 - the runner's own variable
        os.environ["GITHUB_GRAPHQL_URL"],
        data=json.dumps({"query": query, "variables": variables}).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['GATE_TOKEN']}",
            "Content-Type": "application/json",
        },
    )
    try:
        with build_opener(Stay).open(request, timeout=TIMEOUT_S) as answer:
            told = json.load(answer)
    except HTTPError as error:
        raise NoComment(f"GitHub answers {error.code} {error.reason}") from None
    if told.get("errors"):
        raise NoComment("; ".join(str(error.get("message")) for error in told["errors"]))
    return told["data"]


def say(kind: str, message: str) -> None:
    """Annotate the run."""
    safe = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    sys.stdout.write(f"::{kind} title=advisor gate::{safe}\n")


if __name__ == "__main__":
    main()
