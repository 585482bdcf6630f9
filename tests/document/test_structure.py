"""What a document may hold, where everything in it stands, and what is refused."""

from __future__ import annotations

import pytest

from advisor.document import builder
from advisor.document.diagnostics import Diagnostic
from advisor.document.tree import Document, dotted, parse
from advisor.errors import InputError


def refusals(content: bytes) -> list[tuple[str, int, int, int]]:
    """Return code, line, column and width of everything that is wrong."""
    return [(found.code, *(found.position or (0, 0, 0))) for found in refused(content).diagnostics]


def refused(content: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        parse(content, "w.yaml")
    return caught.value


def test_values_keys_and_scalars_know_their_places() -> None:
    document = parse(b"a: 12\n'b c':\n- x\n- {d: [true]}\n", "w.yaml")
    assert document.value == {"a": 12, "b c": ["x", {"d": [True]}]}
    assert document.positions == {
        (): (1, 1, 1),
        ("a",): (1, 4, 2),
        ("b c",): (3, 1, 1),
        ("b c", 0): (3, 3, 1),
        ("b c", 1): (4, 3, 1),
        ("b c", 1, "d"): (4, 7, 1),
        ("b c", 1, "d", 0): (4, 8, 4),
    }
    assert document.key_positions == {
        ("a",): (1, 1, 1),
        ("b c",): (2, 1, 5),
        ("b c", 1, "d"): (4, 4, 1),
    }


def test_a_scalar_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    document = parse(b"a: |\n  x\n  y\nb: 'one\n  two'\n", "w")
    assert document.positions["a",] == (1, 4, 1)
    assert document.positions["b",] == (4, 4, 4)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"# a\n# b\n", b"---\n", b"---\n...\n", b"   ", b"\xef\xbb\xbf"]
)
def test_an_empty_file_is_told_as_such(content: bytes) -> None:
    error = refused(content)
    assert str(error) == (
        "w.yaml: error[empty-file]: this file is empty, or holds nothing but comments\n"
        "help: `advisor init` writes a starter file"
    )


@pytest.mark.parametrize(
    ("content", "value"), [(b"null\n", None), (b"~", None), (b"''", ""), (b"{}", {}), (b"[]", [])]
)
def test_a_written_nothing_is_not_an_empty_file(content: bytes, value: object) -> None:
    assert parse(content, "w").value == value


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"a: &x 1\n", [("anchor", 1, 4, 4)]),
        (b"&x a: 1\n", [("anchor", 1, 1, 4)]),
        (b"a: &x\n  b: 1\n", [("anchor", 1, 4, 1)]),
        (b"a: *x\n", [("alias", 1, 4, 1)]),
        (b"*x : 1\nb: 2\n", [("alias", 1, 1, 1)]),
        (b"a: !!str 1\n", [("tag", 1, 4, 7)]),
        (b"a: !!python/object:os.system x\n", [("tag", 1, 4, 27)]),
        (b"a: ! x\n", [("tag", 1, 4, 3)]),
        (b"--- !!map\na: 1\n", [("tag", 1, 5, 1)]),
        (b"<<: {a: 1}\n", [("merge-key", 1, 1, 2)]),
        (b"a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1, 1)]),
        (b"'a': 1\na: 3\n", [("duplicate-key", 2, 1, 1)]),
        (b"s: {a: 1, a: 2, a: 3}\n", [("duplicate-key", 1, 11, 1), ("duplicate-key", 1, 17, 1)]),
        (b"a: 1\n---\nb: 2\n", [("several-documents", 2, 1, 1)]),
        (b"a: 1\n---\n", [("several-documents", 2, 1, 1)]),
        (b"%YAML 1.1\n---\na: 1\n", [("directive", 1, 1, 1)]),
        (b"%TAG ! tag:x,2000:\n---\na: 1\n", [("directive", 1, 1, 1)]),
        (b"1: x\n", [("key-not-text", 1, 1, 1)]),
        (b"true: x\n", [("key-not-text", 1, 1, 4)]),
        (b"~: x\n", [("key-not-text", 1, 1, 1)]),
        (b"1e999: x\n", [("key-not-text", 1, 1, 5)]),
        (b"[a]: x\nb: 1\n", [("key-not-text", 1, 1, 1)]),
        (b"{a: 1}: x\n", [("key-not-text", 1, 1, 1)]),
        (b"a: {{ x }}\n", [("key-not-text", 1, 5, 1)]),
        (b"? \n: x\n", [("key-not-text", 1, 2, 1)]),
        (b"a: .inf\nb: [.nan]\n", [("number-not-finite", 1, 4, 4), ("number-not-finite", 2, 5, 4)]),
    ],
)  # fmt: skip
def test_what_is_not_read_is_refused_where_it_stands(
    content: bytes, wanted: list[tuple[str, int, int, int]]
) -> None:
    assert refusals(content) == wanted


def test_yaml_1_2_may_be_declared() -> None:
    assert parse(b"%YAML 1.2\n---\na: NO\n", "w").value == {"a": "NO"}


def test_quotes_make_any_key_text() -> None:
    assert parse(b"'1': a\n\"true\": b\n'<<': c\n'': d\n", "w").value == {
        "1": "a",
        "true": "b",
        "<<": "c",
        "": "d",
    }


def test_keys_that_differ_in_case_or_section_are_no_duplicates() -> None:
    assert parse(b"a: {a: 1}\nA: {a: 1}\n", "w").value == {"a": {"a": 1}, "A": {"a": 1}}


def test_a_duplicate_says_where_the_first_stands() -> None:
    error = refused(b"s:\n  a: 1\n  a: 2\n")
    assert error.diagnostics[0].message == "`a` is written twice in `s`, first on line 2"


def test_all_errors_of_a_file_are_told_in_its_order_with_the_syntax_error_last() -> None:
    content = b"a: &x 1\nb: *x\na: .inf\n<<: 1\n2: 3\nc: !t x\nd: ]\n"
    assert refusals(content) == [
        ("anchor", 1, 4, 4),
        ("alias", 2, 4, 1),
        ("duplicate-key", 3, 1, 1),
        ("number-not-finite", 3, 4, 4),
        ("merge-key", 4, 1, 2),
        ("key-not-text", 5, 1, 1),
        ("tag", 6, 4, 4),
        ("syntax", 7, 4, 1),
    ]


def test_after_a_hundred_errors_the_rest_is_not_told() -> None:
    found = refusals(b"a: 1\n" * 500)
    assert found[:100] == [("duplicate-key", line, 1, 1) for line in range(2, 102)]
    assert found[100:] == [("too-many-errors", 0, 0, 0)]


def test_what_is_absent_is_shown_at_its_nearest_ancestor() -> None:
    document = parse(b"a:\n  b:\n    - c: 1\n", "w")
    assert document.locate(("a", "b", 0, "c")) == (3, 10, 1)
    assert document.locate(("a", "b", 0, "c"), key=True) == (3, 7, 1)
    assert document.locate(("a", "b", 0, "x")) == (3, 7, 1)
    assert document.locate(("a", "x", "y")) == (1, 1, 1)
    assert document.locate(("x",)) == (1, 1, 1)


def test_a_diagnostic_about_a_path() -> None:
    document: Document = parse(b"a:\n  b: [1, 2]\n", "w")
    assert document.diagnostic(
        ("a", "b", 1), code="c", message="m", help="h", severity="warning"
    ) == Diagnostic(
        code="c",
        message="m",
        help="h",
        severity="warning",
        file="w",
        position=document.positions["a", "b", 1],
        excerpt="  b: [1, 2]",
        field="a.b[1]",
    )
    assert document.diagnostic((), code="c", message="m").field is None
    assert document.diagnostic(("a", "b"), code="c", message="m", key=True).position == (2, 3, 1)


def test_a_path_as_people_write_it() -> None:
    assert dotted(("a", 0, 1, "b")) == "a[0][1].b"
    assert dotted((0, "a")) == "[0].a"
    assert dotted(()) == ""


def test_the_tree_cannot_be_changed_by_its_places() -> None:
    document = parse(b"a: 1\n", "w")
    with pytest.raises(TypeError):
        document.positions["b",] = document.positions["a",]  # type: ignore[index] # the point


@pytest.mark.parametrize("escape", [r"\ud800", r"\udfff", r"\ud83d\ude00", r"\U0000d800"])
@pytest.mark.parametrize("form", ['a: "{}"', '"{}": a', '["{}"]'])
@pytest.mark.parametrize("loader", ["CLoader", "SafeLoader"])
def test_an_escape_for_half_a_character_is_refused(
    escape: str, form: str, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import yaml

    # A half could not be printed, compared with a schema or written as JSON later on.
    monkeypatch.setattr(builder, "_Loader", getattr(yaml, loader, yaml.SafeLoader))
    error = refused(form.format(escape).encode())
    assert [found.code for found in error.diagnostics] == ["syntax"]
    assert "stands for no character" in str(error)
