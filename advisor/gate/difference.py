"""From pairs of files to changes of workloads: read, priced, and split."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from advisor.errors import InputError
from advisor.gate.attribution import NOTHING, field_changes, line_changes, split
from advisor.gate.outcome import FieldChange, Split, Status, Totals, WorkloadChange, exact
from advisor.gate.pairs import Pair
from advisor.gate.snapshot import Snapshot
from advisor.gate.subject import digests, snapshot, with_design_of
from advisor.workload.loading import loaded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from advisor.document.diagnostics import Diagnostic
    from advisor.document.tree import Document
    from advisor.gate.subject import Pricing
    from advisor.workload.loading import Loaded


class Compared(Struct, frozen=True, kw_only=True):
    """A workload's change with what the checks look at.

    ``document`` is the file now; ``unreadable`` says why the base could not be read or priced.
    """

    change: WorkloadChange
    before: Snapshot | None
    after: Snapshot | None
    document: Document | None
    unreadable: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return self.change.file


def compared(
    pairs: Sequence[Pair], now: Pricing, then: Pricing | None
) -> tuple[list[Compared], list[Diagnostic]]:
    """Return every pair compared, and what the files of now were warned of.

    ``now`` and ``then`` are the prices of the two sides; ``then`` None says that what was before is
    priced already, in a baseline. Raises InputError with everything that is
    wrong in the files of now; what is wrong in the base is kept with its pair.
    """
    files, warnings = read_now(pairs)
    reader = _Reader(now, then)
    found = [reader.compare(each, files.get(each.file)) for each in _by_name(pairs, files)]
    return sorted(found, key=lambda each: each.file), warnings


def totals_of(changes: Sequence[WorkloadChange]) -> Totals:
    """Return the sum of the changes whose prices are known on both sides."""
    known = [each for each in changes if each.split is not None]
    parts = [each.split for each in known if each.split is not None]
    return Totals(
        before_usd=sum((each.before_usd or NOTHING for each in known), NOTHING),
        after_usd=sum((each.after_usd or NOTHING for each in known), NOTHING),
        split=Split(
            price_usd=sum((part.price_usd for part in parts), NOTHING),
            usage_usd=sum((part.usage_usd for part in parts), NOTHING),
            design_usd=sum((part.design_usd for part in parts), NOTHING),
        ),
        left_out=tuple(each.file for each in changes if each.split is None),
    )


class _Reader:
    """Reads and prices both sides, each thing once."""

    def __init__(self, now: Pricing, then: Pricing | None) -> None:
        self.now = now
        self.then = now if then is None else then
        self.same_prices = then is not None and now.same_as(then)

    def compare(self, pair: Pair, after_file: Loaded | None) -> Compared:
        after = None if after_file is None else snapshot(after_file.workload, self.now)
        before, before_value, unreadable = self._before(pair, after_file, after)
        if before is not None:
            # What is not known now either is told as missing now.
            known = set() if after is None else {each.message for each in after.unknowns}
            missing = (each.message for each in before.unknowns)
            unreadable = tuple(message for message in missing if message not in known)
        document = None if after_file is None else after_file.document
        named = after or before
        fields: tuple[FieldChange, ...] = ()
        if before_value is not None and document is not None:
            fields = field_changes(before_value, document.value)
        change = WorkloadChange(
            name=pair.file if named is None else named.name,
            file=pair.file,
            region="" if named is None else named.region,
            tags={} if named is None else named.tags,
            status=_status(pair, before, after, unreadable),
            renamed_from=pair.renamed_from,
            before=None if before is None else before.side(),
            after=None if after is None else after.side(),
            split=self._split(pair, before, after, after_file),
            lines=line_changes(before, after),
            fields=fields,
        )
        return Compared(
            change=change, before=before, after=after, document=document, unreadable=unreadable
        )

    def _before(
        self, pair: Pair, after_file: Loaded | None, after: Snapshot | None
    ) -> tuple[Snapshot | None, object, tuple[str, ...]]:
        """Return the snapshot of before, the plain values of its file, and why there is none."""
        if pair.before is None or isinstance(pair.before, Snapshot):
            return pair.before, None, ()
        if pair.before == pair.after and after_file is not None:
            if self.same_prices:
                return after, None, ()
            return snapshot(after_file.workload, self.then), None, ()
        name = pair.renamed_from or pair.file
        try:
            file = loaded(pair.before, name)
        except InputError as error:
            reasons = tuple(
                f"{each.message} [{each.code}]"
                if each.position is None
                else f"{each.message} (line {each.position.line}) [{each.code}]"
                for each in error.diagnostics
            )
            return None, None, reasons
        if self.same_prices and after is not None and digests(file.workload) == after.digests:
            return after, file.document.value, ()
        return snapshot(file.workload, self.then), file.document.value, ()

    def _split(
        self,
        pair: Pair,
        before: Snapshot | None,
        after: Snapshot | None,
        after_file: Loaded | None,
    ) -> Split | None:
        if before is not None and after is not None and after_file is not None:
            workload = after_file.workload

            def in_between() -> Decimal | None:
                kept = with_design_of(workload, before)
                if kept is None:
                    return None
                middle = snapshot(kept, self.now)
                same = middle.design == before.design and middle.sizing == before.sizing
                return middle.monthly_usd if same else None

            unit_price = None if self.same_prices else self.now.unit_price
            return split(before, after, unit_price, in_between)
        # What is new or gone was not or is not designed: all of it is design.
        if after is not None and pair.before is None:
            return _all_design(after.monthly_usd)
        if before is not None and after is None:
            amount = before.monthly_usd
            return _all_design(None if amount is None else -amount)
        return None


def _all_design(amount: Decimal | None) -> Split | None:
    if amount is None:
        return None
    return Split(price_usd=NOTHING, usage_usd=NOTHING, design_usd=exact(amount))


def _status(
    pair: Pair, before: Snapshot | None, after: Snapshot | None, unreadable: tuple[str, ...]
) -> Status:
    if pair.after is None:
        return "deleted"
    if pair.before is None:
        return "new"
    if pair.renamed_from is not None:
        return "renamed"
    if before is None or after is None or unreadable:
        return "changed"
    same = (
        before.digests == after.digests
        and before.identity == after.identity
        and before.monthly_usd == after.monthly_usd
    )
    return "unchanged" if same else "changed"


def read_now(pairs: Sequence[Pair]) -> tuple[dict[str, Loaded], list[Diagnostic]]:
    """Return the files of now, read and checked, by their path, and what they were warned of.

    Raises InputError with everything that is wrong in all of them.
    """
    files: dict[str, Loaded] = {}
    wrong: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    for pair in pairs:
        if pair.after is None:
            continue
        try:
            files[pair.file] = loaded(pair.after, pair.file)
        except InputError as error:
            wrong += error.diagnostics
        else:
            warnings += files[pair.file].warnings
    if wrong:
        raise InputError(wrong)
    return files, warnings


def _by_name(pairs: Sequence[Pair], files: dict[str, Loaded]) -> list[Pair]:
    """Join what is new with what is gone where both are the same workload by its name.

    git sees a rename only in its index and only while the texts are alike.
    """
    new = _once(
        {each.file: files[each.file].workload.name for each in pairs if each.before is None}
    )
    gone = _once({each.file: _name_of(each) for each in pairs if each.after is None})
    by_file = {each.file: each for each in pairs}
    moved = {name: (new[name], gone[name]) for name in new if name in gone}
    joined = []
    for after, before in moved.values():
        old = by_file.pop(before)
        joined.append(
            Pair(
                file=after,
                before=old.before,
                after=by_file.pop(after).after,
                renamed_from=old.file,
            )
        )
    return [*by_file.values(), *joined]


def _once(names: dict[str, str | None]) -> dict[str, str]:
    """Return file by name, for the names that only one file has."""
    count = Counter(names.values())
    return {name: file for file, name in names.items() if name and count[name] == 1}


def _name_of(pair: Pair) -> str | None:
    if isinstance(pair.before, Snapshot):
        return pair.before.name
    try:
        return None if pair.before is None else loaded(pair.before, pair.file).workload.name
    except InputError:
        return None
