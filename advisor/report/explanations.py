"""An explanation as text for a terminal, as Markdown, and as JSON: one tree, three writers."""

from __future__ import annotations

from decimal import Decimal
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from advisor.explain.explanation import Explanation
from advisor.report import outline
from advisor.report.json import encoded, money
from advisor.report.markdown import escaped
from advisor.report.text import WIDTH, heading, table
from advisor.wording import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.explain.explanation import Figure, Table

_STEP = "  "
_GUTTER = 12
_WIDEST_NAME = 34
_NARROWEST_NOTE = 24
_DEEPEST_HEADING = 6


def as_text(explained: Explanation, *, colour: bool = False) -> str:
    """Return an explanation for a terminal of 80 columns, the answer in its first line."""
    first, *others = _wrapped(explained.title, "", "  ")
    lines = [heading(first, colour=colour), *others]
    if _is_told(explained):
        lines.append("")
        for child in explained.children:
            lines += _told(child, colour=colour)
    else:
        lines += _body(explained, _STEP)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _is_told(explained: Explanation) -> bool:
    """Return whether an explanation is a story: sections of sentences and nothing else."""
    return (
        bool(explained.children)
        and not explained.sentences
        and not explained.figures
        and all(
            child.sentences and not child.figures and not child.children
            for child in explained.children
        )
    )


def _told(section: Explanation, *, colour: bool) -> list[str]:
    """Return a section of a story, its name in a column of its own."""
    lines = []
    margin = " " * _GUTTER
    for sentence in section.sentences:
        lines += _wrapped(sentence, margin, margin)
    name = f"{words.safe(section.title):<{_GUTTER}}"
    lines[0] = heading(name, colour=colour) + lines[0][_GUTTER:]
    return lines


def _body(explained: Explanation, indent: str) -> list[str]:
    lines: list[str] = []
    outermost = indent == _STEP
    for sentence in explained.sentences:
        lines += _wrapped(sentence, indent, indent)
    if explained.figures:
        lines += [""] if lines and outermost else []
        lines += _figures(explained.figures, indent)
    if explained.table is not None:
        lines += ["", *_tabled(explained.table)]
        lines += [""] if explained.children and not outermost else []
    listed = False
    for child in explained.children:
        title, children = _joined(child)
        block = bool(child.sentences or child.figures or child.table or children)
        # Lines of a list stand together; what has a text of its own is set apart.
        lines += [""] if outermost and (block or not listed) else []
        listed = not block
        lines += _wrapped(title, indent, indent + _STEP * 2)
        if block:
            lines += _body(replace(child, children=children), indent + _STEP)
    return lines


def _tabled(given: Table) -> list[str]:
    """Return the lines of a table at the margin, as wide as the screen wherever it stands."""
    shown_table = outline.Table(
        title="",
        headers=given.columns,
        rows=tuple(tuple(map(_cell, row)) for row in given.rows),
        numbers=tuple(range(1, len(given.columns))),
    )
    return [line for line in table(shown_table) if line]


def _cell(figure: Figure) -> str:
    """Return a figure as it stands in a table, where the column has its unit."""
    return "" if figure.value is None else parts(figure)[0]


def _joined(explained: Explanation) -> tuple[str, tuple[Explanation, ...]]:
    """Return a title and what stands below it; values that fit its line are written there."""
    children = explained.children
    plain = not (explained.sentences or explained.figures or explained.table)
    if plain and children and all(child == Explanation(title=child.title) for child in children):
        title = f"{explained.title}, with {', '.join(child.title for child in children)}"
        if len(title) <= WIDTH - _GUTTER:
            return title, ()
    return explained.title, children


def _figures(figures: Sequence[Figure], indent: str) -> list[str]:
    """Return figures in aligned columns: name, value with unit, and how it came about.

    Where a note does not fit beside its value, the notes of all stand below them.
    """
    cells = [(words.safe(each.name), *parts(each)) for each in figures]
    names = min(max(len(name) for name, _, _ in cells), _WIDEST_NAME)
    numbers = max((len(value) for _, value, unit in cells if unit is not None), default=0)
    units = max((len(unit) for _, _, unit in cells if unit is not None), default=0)
    beside = len(indent) + names + 2 * len(_STEP) + numbers + 1 + units
    room = WIDTH - beside
    notes = [[note for note in (each.formula, each.source) if note] for each in figures]
    fits = room >= _NARROWEST_NOTE and all(
        len(word) <= room
        for (_, _, unit), each in zip(cells, notes, strict=True)
        if unit is not None
        for note in each
        for word in note.split()
    )
    lines: list[str] = []
    for (name, value, unit), each in zip(cells, notes, strict=True):
        first, *others = wrap(name, names) or [""]
        start = f"{indent}{first:<{names}}{_STEP}"
        if unit is None:
            text = "  ".join(part for part in (value, *each) if part)
            found = _beside_or_below(text, start, indent + _STEP * 2)
        elif fits:
            shown_value = f"{value:>{numbers}} {unit:<{units}}{_STEP}"
            text_lines = [line for note in each for line in _wrapped(note, "", "", room)]
            found = [start + shown_value + (text_lines[0] if text_lines else "")]
            found += [" " * beside + line for line in text_lines[1:]]
        else:
            below = indent + _STEP * 2
            found = [f"{start}{value:>{numbers}} {unit}"]
            found += [line for note in each for line in _wrapped(note, below, below)]
        lines += _with_names(found, others, indent)
    return lines


def _beside_or_below(text: str, start: str, below: str) -> list[str]:
    """Return a text beside a name, or below it where a word, as a long URL, does not fit there."""
    if max(map(len, text.split()), default=0) > WIDTH - len(start):
        return [start, *_wrapped(text, below, below)]
    return _wrapped(text, start, " " * len(start))


def _with_names(lines: list[str], names: list[str], indent: str) -> list[str]:
    """Return lines with the rest of a long name under its beginning, beside what is there."""
    for at, name in enumerate(names, start=1):
        under = f"{indent}{name}"
        if at < len(lines) and not lines[at][: len(under) + 1].strip():
            lines[at] = under + lines[at][len(under) :]
        else:
            lines.insert(at, under)
    return lines


def _wrapped(text: str, first: str, rest: str, width: int = WIDTH) -> list[str]:
    shown_text = words.safe(text)
    room = width - max(len(first), len(rest))
    return wrap(
        shown_text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=any(len(word) > room for word in shown_text.split()),
    ) or [first.rstrip()]


def _is_number(figure: Figure) -> bool:
    return isinstance(figure.value, (int, float, Decimal)) and not isinstance(figure.value, bool)


def shown(figure: Figure) -> str:
    """Return a figure's value as people write it, with its unit."""
    value, unit = parts(figure)
    return f"{value} {unit}".rstrip() if unit else value


def parts(figure: Figure) -> tuple[str, str | None]:
    """Return a figure's value as people write it, and its unit; None for what is no number."""
    value: Any = figure.value
    unit = figure.unit
    if not _is_number(figure):
        return "not known" if value is None else words.safe(words.plain(value)), None
    if unit == "USD":
        return f"{'+' if figure.signed and value > 0 else ''}{words.money(value)}", unit
    if unit.startswith("USD per "):
        return words.unit_price(value), unit
    if unit == "share":
        return f"{float(value) * 100:,.4g}", "%"
    whole = isinstance(value, int) or float(value).is_integer()
    return f"{value:,.0f}" if whole else words.quantity(value), unit


def as_markdown(explained: Explanation) -> str:
    """Return an explanation as Markdown: figures as tables, parts as lists."""
    lines = [f"## {escaped(explained.title)}"]
    if _is_told(explained):
        for child in explained.children:
            lines += ["", f"**{escaped(child.title)}**", ""]
            lines += [f"- {escaped(sentence)}" for sentence in child.sentences]
    else:
        lines += _marked(explained, 3)
    return "\n".join(lines) + "\n"


def _marked(explained: Explanation, level: int) -> list[str]:
    lines: list[str] = []
    for sentence in explained.sentences:
        lines += ["", escaped(sentence)]
    if explained.figures:
        lines += ["", "| Figure | Value | How | From |", "| --- | ---: | --- | --- |"]
        lines += [
            f"| {escaped(each.name)} | {escaped(shown(each))} | {escaped(each.formula)}"
            f" | {escaped(each.source)} |"
            for each in explained.figures
        ]
    if explained.table is not None:
        columns = [escaped(" ".join(name.split())) for name in explained.table.columns]
        lines += ["", f"| {' | '.join(columns)} |"]
        lines += [f"| --- |{' ---: |' * (len(columns) - 1)}"]
        lines += [
            f"| {' | '.join(escaped(_cell(each)) for each in row)} |"
            for row in explained.table.rows
        ]
    for child in explained.children:
        if _is_trace(child):
            lines += ["", *_listed(child, 0)]
        else:
            lines += ["", f"{'#' * min(level, _DEEPEST_HEADING)} {escaped(child.title)}"]
            lines += _marked(child, level + 1)
    return lines


def _is_trace(explained: Explanation) -> bool:
    return not (explained.sentences or explained.figures or explained.table) and all(
        map(_is_trace, explained.children)
    )


def _listed(explained: Explanation, depth: int) -> list[str]:
    lines = [f"{_STEP * depth}- {escaped(explained.title)}"]
    for child in explained.children:
        lines += _listed(child, depth + 1)
    return lines


def as_json(explained: Explanation) -> str:
    """Return an explanation as JSON; money is a decimal string, as in the answer."""
    return encoded({"schema_version": 1, "explanation": tree(explained)})


def tree(explained: Explanation) -> dict[str, Any]:
    """Return an explanation as plain values."""
    return {
        "title": explained.title,
        "sentences": list(explained.sentences),
        "figures": [_figure_tree(each) for each in explained.figures],
        **({} if explained.table is None else {"table": _table_tree(explained.table)}),
        "children": [tree(child) for child in explained.children],
    }


def _figure_tree(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": _exact(figure),
        "unit": figure.unit,
        "formula": figure.formula,
        "source": figure.source,
    }


def _table_tree(given: Table) -> list[list[dict[str, Any]]]:
    return [[_figure_tree(each) for each in row] for row in given.rows]


def _exact(figure: Figure) -> Any:
    if figure.unit.startswith("USD") and _is_number(figure):
        return money(figure.value)
    return float(figure.value) if isinstance(figure.value, Decimal) else figure.value
