"""A user's rule files: what is refused, with its place, and what they do to the built-in rules."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from advisor.errors import InputError
from advisor.rulebook import Rulebook
from advisor.rulebook.examples import ExampleContext
from advisor.rulebook.files import MAX_BYTES, MAX_RULES, open_rulebook, read_files
from advisor.rulebook.folders import MAX_ENTRIES, MAX_FILES, folder_here, rule_files
from advisor.rulebook.rulebook import DECISIONS

if TYPE_CHECKING:
    from advisor.document.diagnostics import Diagnostic

POLICIES = Path(__file__).parents[2] / "docs" / "policies"
GOOD = """\
rules:
  - id: org.some
    decision: compute
    options: [lambda]
    effect: exclude
    condition: compute.memory_mb > 3000
    reason: "{compute.memory_mb} MB are too much."
    advice: "Take less."
    source: "https://wiki.example.com/memory"
    checked: "2026-11-24"
    confidence: A
    examples:
      fires: {compute.memory_mb: 3001}
      silent: {compute.memory_mb: 3000}
      unknown: {compute.memory_mb: null}
"""
MESSAGING_RULE = (
    GOOD.replace("decision: compute", "decision: messaging")
    .replace("options: [lambda]", "options: [sqs]")
    .replace("effect: exclude", "effect: require")
)
BUILT_IN = "api.keys"
OFF = f"switch_off:\n  - rule: {BUILT_IN}\n    reason: We check keys in the handler.\n"


def refused(path: Path) -> list[Diagnostic]:
    with pytest.raises(InputError) as error:
        open_rulebook([str(path)])
    return list(error.value.diagnostics)


def write(folder: Path, text: str | bytes, name: str = "rules.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    rules, off = read_files([str(write(tmp_path, GOOD + OFF))])
    assert [rule.id for rule in rules] == ["org.some"]
    assert [(each.rule, each.reason) for each in off] == [
        (BUILT_IN, "We check keys in the handler.")
    ]


@pytest.mark.parametrize(
    ("text", "code", "line", "marked", "message", "help_"),
    [
        (changed("compute.memory_mb > 3000", "compute.memory > 3000"), "condition", 6,
         "compute.memory", "there is no field compute.memory", "did you mean compute.memory_mb?"),
        (changed("compute.memory_mb > 3000", '"!compute.gpu && compute.memory_mb > \'a\'"'),
         "condition", 6, "compute.memory_mb > 'a'", "a number is compared with a string", "quotes"),
        (changed("compute.memory_mb > 3000", "compute.memory_mb > 3000 and"), "condition", 6,
         "and", "`and` is no operator", "write `&&`"),
        (changed("compute.memory_mb > 3000", ">-\n      compute.gpu &&\n      compute.memory > 3"),
         "condition", 8, "compute.memory", "there is no field", "did you mean"),
        (changed("compute.memory_mb > 3000", "|\n      compute.gpu &&\n      compute.memory > 3"),
         "condition", 8, "compute.memory", "there is no field", "did you mean"),
        (changed("compute.memory_mb > 3000", "compute.gpu &&\n      compute.memory > 3"),
         "condition", 7, "compute.memory", "there is no field", "did you mean"),
        (changed("compute.memory_mb > 3000", '"compute.os == \\"lynux\\""'), "condition", 6,
         '"compute.os == \\"lynux\\""', 'compute.os is never "lynux"', "did you mean linux?"),
        (changed("{compute.memory_mb} MB", "{compute.memori} MB"), "condition", 7,
         "compute.memori", "there is no field compute.memori", "did you mean compute.memory_mb?"),
        (changed("{compute.memory_mb} MB", "{compute.memory_mb MB"), "condition", 7,
         "{", "the brace is not closed", "write `}`"),
        (changed("[lambda]", "[lambda, lamda]"), "unknown-option", 4, "lamda",
         "`lamda` is not an option of compute", "did you mean `lambda`?"),
        (changed("[lambda]", "[http-api]"), "unknown-option", 4, "http-api",
         "`http-api` is not an option of compute", "the options are lambda, "),
        (changed("[lambda]", "[lambda, lambda]"), "option-twice", 4, "lambda",
         "`lambda` is in the list already", None),
        (changed("[lambda]", "[]"), "too-short", 4, "[", "must have at least 1 entries", None),
        (changed("effect: exclude", "effect: exlude"), "not-one-of", 5, "exlude",
         "cannot be `exlude`", "did you mean `exclude`?"),
        (changed("decision: compute", "decision: cost"), "not-one-of", 3, "cost",
         "cannot be `cost`", "one of: "),
        (changed("confidence: A", "confidence: E"), "not-one-of", 11, "E", "cannot be `E`", "one"),
        (changed("    advice: \"Take less.\"\n", ""), "missing-key", 2, "id", "has no `advice`",
         "add `advice:`"),
        (changed("    source:", "    severity: high\n    source:"), "unknown-key", 9, "severity",
         "`severity` is not a key of", "known keys: "),
        (changed("2026-11-24", "2026-02-30"), "bad-date", 10, '"2026-02-30"',
         "there is no day `2026-02-30`", None),
        (changed("2026-11-24", "24.11.2026"), "bad-form", 10, '"24.11.2026"',
         "cannot be `24.11.2026`", None),
        (changed("org.some", "Org Some"), "bad-form", 2, "Org Some", "cannot be `Org Some`", None),
        (changed("org.some", BUILT_IN), "rule-built-in", 2, BUILT_IN,
         f"`{BUILT_IN}` is a built-in rule", "`switch_off` switches a built-in rule off"),
        (GOOD + GOOD.removeprefix("rules:\n"), "rule-twice", 16, "org.some",
         "`org.some` is a rule already", None),
        (changed("compute.memory_mb > 3000", "cost.lambda_monthly_usd > 3000"), "cost-decides", 6,
         "cost.lambda_monthly_usd > 3000", "a rule that says exclude cannot ask for a cost",
         "use prefer or warn"),
        (changed("{compute.memory_mb} MB", "{cost.fargate_monthly_usd} USD"), "cost-decides", 7,
         '"{cost.fargate_monthly_usd} USD are too much."',
         "a rule that says exclude cannot ask for a cost", "use prefer or warn"),
        (changed("    source:", "    companion: dead-letter-queue\n    source:"),
         "companion-without-require", 9, "dead-letter-queue", "only a rule with the", "leave"),
        (changed("exclude", "require").replace("    source:", "    companion: queue\n    source:"),
         "companion-elsewhere", 9, "queue", "only a rule about messaging adds a companion", "say"),
        (MESSAGING_RULE.replace("    source:", "    companion: queue\n    source:"),
         "unknown-companion", 9, "queue", "`queue` is nothing that can be added", "it is one of"),
        (changed("{compute.memory_mb: 3001}", "{compute.memory_mb: 3000}"), "example-fails", 13,
         "{", "with these values the condition is false, not true", "compute.memory_mb = 3,000"),
        (changed("{compute.memory_mb: 3000}", "{compute.memory_mb: null}"), "example-fails", 14,
         "{", "with these values the condition is unknown, not false", "needs compute.memory_mb"),
        (changed("{compute.memory_mb: null}", "{compute.memory_mb: 1}"), "example-fails", 15,
         "{", "with these values the condition is false, not unknown", "compute.memory_mb = 1"),
        (changed("compute.memory_mb: 3001", "compute.memory: 3001"), "unknown-field", 13,
         "compute.memory", "there is no field `compute.memory`", "did you mean compute.memory_mb?"),
        (changed("compute.memory_mb: 3001", "compute: 3001"), "unknown-field", 13,
         "compute", "there is no field `compute`", "name one of its fields"),
        (changed("compute.memory_mb: 3001", "compute.memory_mb: 4 GB"), "example-value", 13,
         "4 GB", "compute.memory_mb cannot be `4 GB`", "it is a number, between 1 and"),
        (changed("compute.memory_mb: 3001", "compute.memory_mb: [3001]"), "example-value", 13,
         "[", "compute.memory_mb cannot be", "it is a number"),
        (changed("compute.memory_mb: 3001", "compute.memory_mb: {a: 1}"), "example-value", 13,
         "{", "cannot be a section with keys", "it is a number"),
        (changed("compute.memory_mb: 3001", "compute.os: macos"), "example-value", 13,
         "macos", "compute.os cannot be `macos`", "it is one of linux"),
        (changed("      unknown: {compute.memory_mb: null}\n", ""), "missing-key", 12, "examples",
         "has no `unknown`", None),
        ("rules: []\n", "no-rules", 1, "r", "neither `rules` nor `switch_off`", None),
        ("{}\n", "no-rules", 1, "{", "neither `rules` nor `switch_off`", None),
        (OFF.replace(BUILT_IN, "api.kees"), "unknown-rule", 2, "api.kees",
         "there is no built-in rule `api.kees`", f"did you mean `{BUILT_IN}`?"),
        (GOOD + OFF.replace(BUILT_IN, "org.some"), "unknown-rule", 17, "org.some",
         "there is no built-in rule `org.some`", "`advisor rules list` names them"),
        (f"switch_off:\n  - rule: {BUILT_IN}\n", "missing-key", 2, "rule", "has no `reason`", None),
        (OFF.replace("We check keys in the handler.", '"  "'), "no-reason", 3, '"  "',
         "a rule is switched off for a reason", None),
        (OFF.replace("We check keys in the handler.", '""'), "too-short", 3, '""',
         "must not be empty", None),
        (OFF + OFF.removeprefix("switch_off:\n"), "rule-twice", 4, BUILT_IN,
         f"`{BUILT_IN}` is off already", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path,
    text: str,
    code: str,
    line: int,
    marked: str,
    message: str,
    help_: str | None,
) -> None:
    path = write(tmp_path, text)
    (found,) = refused(path)
    assert (found.code, found.file) == (code, str(path))
    assert found.position is not None
    assert found.excerpt is not None
    start = found.position.column - 1
    assert (found.position.line, found.excerpt[start : start + len(marked)]) == (line, marked)
    assert message in found.message
    if help_ is not None:
        assert help_ in (found.help or "")


def test_everything_wrong_in_all_files_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, changed("lambda", "lamda").replace("3001", "2"), "a.yaml")
    write(tmp_path, "rules: 5\n", "b.yml")
    write(tmp_path, GOOD, "c.YAML")
    write(tmp_path, "not: [rules", "team/d.yaml")
    found = [(Path(each.file).name, each.code) for each in refused(tmp_path)]
    assert found == [("a.yaml", "unknown-option"), ("b.yml", "wrong-type"), ("d.yaml", "syntax")]


def test_an_id_is_given_once_over_all_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "a.yaml")
    write(tmp_path, GOOD, "b.yaml")
    (found,) = refused(tmp_path)
    assert (found.code, Path(found.file).name) == ("rule-twice", "b.yaml")
    assert f"{tmp_path}/a.yaml" in found.message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"# nothing\n", "empty-file"),
        (b"rules:\x00", "binary-file"),
        (b"\xff\xfe", "not-utf-8"),
        (b"rules: \x1b[31m", "control-character"),
        (b"- rules\n", "wrong-type"),
        (b"rules: &a []\nswitch_off: *a\n", "anchor"),
        (b"rules: !!python/object/apply:os.system [id]\n", "tag"),
        (b"rules: " + b"[" * 100_000, "too-deep"),
        (b"rules: " + b"{a: " * 100_000, "too-deep"),
        (b"rules: [" + b"1," * 250_000 + b"]", "too-many-values"),
        (b"rules: []\nrules: []\n", "duplicate-key"),
        (b"#" * (MAX_BYTES + 1), "file-too-large"),
        (b"rules:\n" + b"  - {id: a}\n" * (MAX_RULES + 1), "too-long"),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert code in [each.code for each in refused(write(tmp_path, content))]


def test_no_more_errors_are_told_than_anybody_reads(tmp_path: Path) -> None:
    bad = changed("lambda", "lamda").removeprefix("rules:\n")
    rules = "".join(bad.replace("org.some", f"org.some{n}") for n in range(300))
    found = refused(write(tmp_path, "rules:\n" + rules))
    assert [each.code for each in found[-2:]] == ["unknown-option", "too-many-errors"]
    assert len(found) == 101


def test_the_rules_of_all_files_are_bounded(tmp_path: Path) -> None:
    entry = GOOD.removeprefix("rules:\n")
    for name, count in (("a", MAX_RULES // 2), ("b", MAX_RULES // 2 + 1)):
        rules = "".join(entry.replace("org.some", f"org.{name}{n}") for n in range(count))
        write(tmp_path, "rules:\n" + rules, f"{name}.yaml")
    assert [each.code for each in refused(tmp_path)] == ["too-many-rules"]


def test_a_folder_is_searched_with_its_sub_folders(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "team/c.YAML", "README.md", ".git/d.yaml", ".e.yaml"):
        write(tmp_path, GOOD, name)
    assert rule_files(str(tmp_path)) == [
        str(tmp_path / name) for name in ("a.yml", "b.yaml", "team/c.YAML")
    ]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert len(open_rulebook([str(path), str(tmp_path), str(path)]).own) == 1


@pytest.mark.parametrize(
    ("target", "code"),
    [("../outside.yaml", "link-outside"), ("../missing.yaml", "link-outside"),
     ("/etc/hostname", "link-outside"), ("..", "link-to-folder"), ("team", "link-to-folder")],
)  # fmt: skip
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, target: str, code: str) -> None:
    write(tmp_path, GOOD, "outside.yaml")
    folder = tmp_path / "rules"
    (folder / "team").mkdir(parents=True)
    (folder / "link.yaml").symlink_to(target)
    (found,) = refused(folder)
    assert (found.code, found.file) == (code, str(folder / "link.yaml"))


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "notes.txt")
    (tmp_path / "rules.yaml").symlink_to("notes.txt")
    assert len(open_rulebook([str(tmp_path)]).own) == 1


def test_too_many_files_and_entries_are_refused(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 1):
        (tmp_path / f"{number}.yaml").touch()
    assert [each.code for each in refused(tmp_path)] == ["too-many-files"]
    for number in range(MAX_ENTRIES):
        (tmp_path / "tree" / f"{number % 50}").mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / f"{number % 50}" / f"{number}.py").touch()
    for path in tmp_path.glob("*.yaml"):
        path.unlink()
    write(tmp_path, GOOD)
    assert [each.code for each in refused(tmp_path)] == ["too-many-files"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("missing", "file-not-found"), ("empty", "no-rules"), ("nul\x00", "unreadable-file")],
)
def test_a_place_without_rules_is_refused(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "empty").mkdir()
    assert [each.code for each in refused(tmp_path / name)] == [code]


def test_the_folder_here_must_be_of_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folder_here() == ()
    (tmp_path / ".advisor").mkdir()
    (tmp_path / ".advisor" / "rules").symlink_to("/etc")
    with pytest.raises(InputError, match="link-outside"):
        folder_here()
    (tmp_path / ".advisor" / "rules").unlink()
    (tmp_path / ".advisor" / "rules").touch()
    with pytest.raises(InputError, match="not-a-folder"):
        folder_here()
    (tmp_path / ".advisor" / "rules").unlink()
    write(tmp_path, GOOD, ".advisor/rules/mine.yaml")
    assert rule_files(*folder_here()) == [".advisor/rules/mine.yaml"]


def results(rulebook: Rulebook, decision: str, option: str, **values: Any) -> dict[str, str]:
    context = ExampleContext({key.replace("__", "."): value for key, value in values.items()})
    return {each.rule: each.result for each in rulebook.judge(decision, option, context)}


def test_a_users_rules_are_added_to_the_built_in_ones(tmp_path: Path) -> None:
    rulebook = open_rulebook([str(write(tmp_path, changed("decision: compute", "decision: api")
                                        .replace("[lambda]", "[rest-api]")))])  # fmt: skip
    found = results(rulebook, "api", "rest-api", compute__memory_mb=3001)
    assert found.pop("org.some") == "true"
    assert found == results(Rulebook(), "api", "rest-api", compute__memory_mb=3001)
    assert "org.some" not in results(rulebook, "api", "http-api")


def test_the_shipped_files_are_checked_as_such_and_are_no_rules_of_a_user() -> None:
    name = str(POLICIES.parents[1] / "rules" / "api.yaml")
    rules, _ = read_files([name], shipped=True)
    assert {rule.origin for rule in rules} == {"built in"}
    assert {each.code for each in refused(Path(name))} == {"rule-built-in"}


def test_a_built_in_rule_is_switched_off_by_its_name_and_no_other(tmp_path: Path) -> None:
    rulebook = open_rulebook([str(write(tmp_path, OFF))])
    before = results(Rulebook(), "api", "http-api", api__api_keys=True)
    assert before.pop(BUILT_IN) == "true"
    assert results(rulebook, "api", "http-api", api__api_keys=True) == before
    assert rulebook.rule(BUILT_IN) is None
    assert [each.rule for each in rulebook.switched_off] == [BUILT_IN]


def test_the_policies_of_the_documentation_hold() -> None:
    rulebook = open_rulebook([str(POLICIES)])
    assert {rule.id for rule in rulebook.own} == {
        "org.arm64-only", "org.no-public-endpoints", "org.short-functions", "org.budget",
    }  # fmt: skip
    assert {each.rule for each in rulebook.switched_off} == {"api.ws.mtls"}


def sized(rulebook: Rulebook, architecture: str | None) -> dict[str, str]:
    context = ExampleContext({"option.compute": "fargate", "option.architecture": architecture})
    found = rulebook.judge_sized([("compute", "fargate")], context)
    return {verdict.rule: verdict.result for _, verdict in found}


def test_a_rule_about_a_size_is_asked_when_the_size_is_known() -> None:
    rulebook = open_rulebook([str(POLICIES)])
    assert rulebook.speaks_of_sizes(["compute"])
    assert not Rulebook().speaks_of_sizes(DECISIONS)
    assert sized(rulebook, "x86_64") == {"org.arm64-only": "true"}
    assert sized(rulebook, "arm64") == {"org.arm64-only": "false"}
    assert sized(rulebook, None) == {"org.arm64-only": "unknown"}
    assert "org.arm64-only" not in results(rulebook, "compute", "fargate")
    whole = rulebook.judge_whole([("compute", "fargate")], ExampleContext({}), costs=False)
    assert "org.arm64-only" not in {verdict.rule for _, verdict in whole}


def test_the_policy_against_public_endpoints_asks_every_front_door() -> None:
    rulebook = open_rulebook([str(POLICIES / "no-public-endpoints.yaml")])
    for option in ("http-api", "rest-api", "alb", "websocket-api", "function-url"):
        public = {"api__private": False, "constraints__no_public_endpoint": False}
        found = results(rulebook, "api", option, **public)
        assert found["org.no-public-endpoints"] == "true"
        private = results(rulebook, "api", option, api__private=True)
        assert private["org.no-public-endpoints"] == "false"


def _codes(source: str) -> set[str]:
    """Return what looks like a code among the strings of a module."""
    strings = {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in strings if re.fullmatch(r"[a-z]+(-[a-z]+)+", text)}


def test_every_code_is_on_the_page() -> None:
    root = POLICIES.parents[1]
    modules = ("files", "folders", "reading")
    given = set().union(
        *(_codes((root / "advisor" / "rulebook" / f"{name}.py").read_text()) for name in modules)
    )
    page = (root / "docs" / "own-rules.md").read_text(encoding="utf-8")
    rows = [line for line in page[page.index("## What is refused") :].splitlines() if "|" in line]
    listed = {code for row in rows for code in re.findall(r"`([^`]+)`", row.split("|")[1])}
    assert listed == given | {"condition", "unreadable"}


def test_the_bounds_on_the_page_are_those_that_hold() -> None:
    page = (POLICIES.parent / "own-rules.md").read_text(encoding="utf-8").replace("\n", " ")
    for words in (f"{MAX_FILES} rule files", f"{MAX_ENTRIES:,} entries", f"{MAX_RULES:,} rules"):
        assert words in page


def test_the_files_on_the_page_are_accepted(tmp_path: Path) -> None:
    page = (POLICIES.parent / "own-rules.md").read_text(encoding="utf-8")
    found = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    for number, text in enumerate(found):
        write(tmp_path, text, f"{number}.yaml")
    rulebook = open_rulebook([str(tmp_path)])
    assert (len(rulebook.own), len(rulebook.switched_off)) == (1, 1)
