"""What the checks of a workload find, each with its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from advisor.document.diagnostics import Diagnostic
    from advisor.document.tree import Document


class Findings:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: list[Diagnostic] = []

    def add(
        self,
        path: str | tuple[str | int, ...],
        code: str,
        message: str,
        help_: str,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        self.found.append(
            self.document.diagnostic(
                tuple(path.split(".")) if isinstance(path, str) else path,
                code=code,
                message=message,
                help=help_,
                severity=severity,
            )
        )
