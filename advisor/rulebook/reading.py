"""The checks of a rule file that go beyond its form, each with the place of what is wrong."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from advisor.document.diagnostics import MOST_ERRORS, TOO_MANY, Diagnostic, order, quoted
from advisor.errors import InputError
from advisor.rulebook.examples import EXPECTED, example_faults
from advisor.rulebook.language.checking import check, check_template
from advisor.rulebook.language.errors import ConditionErrors
from advisor.rulebook.language.fields import workload_names
from advisor.rulebook.language.nearest import did_you_mean
from advisor.rulebook.language.parsing import parse
from advisor.rulebook.language.syntax import paths
from advisor.rulebook.language.templates import parse_template
from advisor.rulebook.language.types import a_kind, is_date
from advisor.rulebook.names import COMPANIONS, OPTIONS
from advisor.rulebook.places import placed
from advisor.rulebook.rulebook import SwitchedOff, built_in_ids
from advisor.rulebook.rules import ANY, BUILT_IN, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from advisor.document.tree import Document, Path
    from advisor.rulebook.files import Entry, Examples, SwitchOff
    from advisor.rulebook.language.syntax import Expression, Template
    from advisor.rulebook.language.types import Type

T = TypeVar("T")

_COST = "cost."


class Reading:
    """Reads the rules of one document and remembers what is wrong with them."""

    def __init__(self, document: Document, origin: str, *, examples: bool = True) -> None:
        self.document = document
        self.origin = origin
        self.examples = examples
        self.seen: set[str] = set()
        self.off: set[str] = set()
        self._wrong: list[Diagnostic] = []

    def finish(self) -> None:
        """Raise InputError if anything was wrong."""
        if self._wrong:
            raise InputError(sorted(self._wrong, key=order))

    def rule(self, entry: Entry, path: Path) -> Rule | None:
        """Return a rule, or None after noting what is wrong with it."""
        before = len(self._wrong)
        self._check_id(entry, path)
        self._check_options(entry, path)
        self._check_companion(entry, path)
        if not is_date(entry.checked):
            self._add((*path, "checked"), "bad-date", f"there is no day {quoted(entry.checked)}")
        condition = self._in_place((*path, "condition"), lambda: _condition(entry.condition))
        reason = self._in_place((*path, "reason"), lambda: _reason(entry.reason))
        self._check_values(entry.examples, (*path, "examples"))
        if condition is None or reason is None:
            return None
        self._check_cost(entry, path, condition, reason)
        if len(self._wrong) > before:
            return None
        rule = Rule(
            id=entry.id,
            decision=entry.decision,
            options=tuple(entry.options),
            effect=entry.effect,
            condition=condition,
            reason=reason,
            text=entry.condition.strip(),
            advice=entry.advice,
            source=entry.source,
            checked=entry.checked,
            confidence=entry.confidence,
            examples={name: getattr(entry.examples, name) for name in EXPECTED},
            reads=paths(condition),
            companion=entry.companion,
            origin=self.origin,
        )
        for example, message, advice in example_faults(rule) if self.examples else ():
            self._add((*path, "examples", example), "example-fails", message, advice)
        return rule

    def switched_off(self, entry: SwitchOff, path: Path) -> SwitchedOff:
        """Return what an entry switches off, noting what is wrong with it."""
        known = built_in_ids()
        if entry.rule not in known:
            self._add(
                (*path, "rule"),
                "unknown-rule",
                f"there is no built-in rule {quoted(entry.rule)}",
                _near(entry.rule, known, "`advisor rules list` names them"),
            )
        elif entry.rule in self.off:
            self._add((*path, "rule"), "rule-twice", f"{quoted(entry.rule)} is off already")
        if not entry.reason.strip():
            self._add((*path, "reason"), "no-reason", "a rule is switched off for a reason")
        self.off.add(entry.rule)
        return SwitchedOff(rule=entry.rule, reason=entry.reason.strip(), origin=self.origin)

    def _check_id(self, entry: Entry, path: Path) -> None:
        if entry.id in self.seen:
            self._add((*path, "id"), "rule-twice", f"{quoted(entry.id)} is a rule already")
        self.seen.add(entry.id)
        if self.origin != BUILT_IN and entry.id in built_in_ids():
            self._add(
                (*path, "id"),
                "rule-built-in",
                f"{quoted(entry.id)} is a built-in rule",
                "give your rule an id of its own; `switch_off` switches a built-in rule off",
            )

    def _check_options(self, entry: Entry, path: Path) -> None:
        known = (*OPTIONS[entry.decision], ANY)
        for index, option in enumerate(entry.options):
            place = (*path, "options", index)
            if option not in known:
                message = f"{quoted(option)} is not an option of {entry.decision}"
                listed = f"the options are {', '.join(known)}"
                self._add(place, "unknown-option", message, _near(option, known, listed))
            elif option in entry.options[:index]:
                self._add(place, "option-twice", f"{quoted(option)} is in the list already")

    def _check_companion(self, entry: Entry, path: Path) -> None:
        if entry.companion is None:
            return
        if entry.effect != "require":
            self._add(
                (*path, "companion"),
                "companion-without-require",
                "only a rule with the effect `require` adds a companion",
                "leave `companion` out, or write `effect: require`",
            )
        elif entry.decision != "messaging":
            self._add(
                (*path, "companion"),
                "companion-elsewhere",
                "only a rule about messaging adds a companion",
                "say in `advice` what the design needs",
            )
        elif entry.companion not in COMPANIONS:
            self._add(
                (*path, "companion"),
                "unknown-companion",
                f"{quoted(entry.companion)} is nothing that can be added to a design",
                _near(entry.companion, COMPANIONS, f"it is one of {', '.join(COMPANIONS)}"),
            )

    def _check_values(self, examples: Examples, path: Path) -> None:
        """Note values of examples that no workload can have."""
        names = workload_names()
        for name in EXPECTED:
            for field, value in getattr(examples, name).items():
                place = (*path, name, field)
                kind = names.field(field)
                if kind is None:
                    advice = names.why_not(field) or did_you_mean(
                        field, names.known_paths(), "see `advisor schema`"
                    )
                    message = f"there is no field {quoted(field)}"
                    self._add(place, "unknown-field", message, advice, key=True)
                elif value is not None and not kind.admits(value):
                    message = f"{field} cannot be {_shown(value)}"
                    self._add(place, "example-value", message, f"it is {_described(kind)}")

    def _check_cost(
        self, entry: Entry, path: Path, condition: Expression, reason: Template
    ) -> None:
        """Note that a rule asks for costs where they are not known yet."""
        if entry.effect not in ("exclude", "require"):
            return
        read = {
            "condition": paths(condition),
            "reason": [
                p for part in reason.parts if not isinstance(part, str) for p in paths(part)
            ],
        }
        for key, fields in read.items():
            if any(field.startswith(_COST) for field in fields):
                self._add(
                    (*path, key),
                    "cost-decides",
                    f"a rule that says {entry.effect} cannot ask for a cost",
                    "costs are known when it is settled what can stand; use prefer or warn",
                )

    def _in_place(self, path: Path, read_it: Callable[[], T]) -> T | None:
        """Return what is read, or None after its errors were noted at their places."""
        try:
            return read_it()
        except ConditionErrors as errors:
            for error in errors.errors:
                found = self.document.diagnostic(
                    path, code="condition", message=error.message, help=error.help
                )
                self._note(placed(self.document, path, found, error.start, error.end))
            return None

    def _add(
        self,
        path: Path,
        code: str,
        message: str,
        help: str | None = None,  # noqa: A002 - the word that a diagnostic has
        *,
        key: bool = False,
    ) -> None:
        self._note(self.document.diagnostic(path, code=code, message=message, help=help, key=key))

    def _note(self, diagnostic: Diagnostic) -> None:
        """Keep a diagnostic; stop where there are more than anybody reads."""
        self._wrong.append(diagnostic)
        if len(self._wrong) >= MOST_ERRORS:
            message = f"only the first {MOST_ERRORS} errors are shown"
            self._wrong.append(Diagnostic(code=TOO_MANY, message=message, file=self.document.name))
            self.finish()


def _condition(text: str) -> Expression:
    expression = parse(text)
    check(expression, workload_names())
    return expression


def _reason(text: str) -> Template:
    template = parse_template(text)
    check_template(template, workload_names())
    return template


def _near(word: str, known: Iterable[str], otherwise: str) -> str:
    near = get_close_matches(word, known, n=1)
    return f"did you mean {quoted(near[0])}?" if near else otherwise


def _shown(value: Any) -> str:
    return "a section with keys" if isinstance(value, dict) else quoted(value)


def _described(kind: Type) -> str:
    """Return what a value of a type can be, in words."""
    from advisor.rulebook.language.intervals import in_bounds

    if kind.date:
        return "a date such as 2026-11-24, in quotes"
    if kind.values is not None:
        prefix = "a list of" if kind.kind == "list" else "one of"
        return f"{prefix} {', '.join(kind.values)}"
    if kind.kind == "number":
        bounds = in_bounds(kind)
        return bounds if bounds == "any number" else f"a number, {bounds}"
    if kind.kind == "list":
        return f"a list of {kind.element}s"
    return a_kind(kind.kind)
