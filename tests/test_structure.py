"""What holds for the whole house: modules stand alone, everything public is described, every code is documented."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

import generator
from tests.guards import HANG_S

PACKAGE = Path(generator.__file__).parent
ROOT = PACKAGE.parent
CODE = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

# Folders of tests that are about more than one room, or about what is no room.
TESTS_OF_MORE_THAN_A_ROOM = {"benchmarks", "fuzz", "release", "soak"}


# In one process, each module meets an interpreter that holds none of the modules beside or above it: as fresh as a new
# one to it. Those of lower layers stay: each of them was imported alone before, and imports nothing from above.
IMPORT_ALONE = """
import importlib, json, sys
failed, proven = [], set()
for layer in json.loads(sys.argv[1]):
    for name in layer:
        for known in [known for known in sys.modules if known.partition(".")[0] == "generator" and known not in proven]:
            del sys.modules[known]
        try:
            importlib.import_module(name)
        except Exception as failure:
            failed.append(f"{name}: {type(failure).__name__}: {failure}")
    for name in layer:
        try:
            importlib.import_module(name)
        except Exception:
            pass
    proven.update(layer)
print("\\n".join(failed), end="")
"""


def modules() -> list[Path]:
    return sorted(file for file in PACKAGE.rglob("*.py") if "themes" not in file.relative_to(PACKAGE).parts)


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def by_layer() -> list[list[str]]:
    """List the names of all modules by the layers of the contract, the lowest first."""
    (contract,) = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    names = [name_of(file) for file in modules() if file.name != "__main__.py"]
    layers = [["generator"]]
    for rooms in reversed(contract["layers"]):
        within = set(rooms.split(" | "))
        layers.append([name for name in names if name.partition(".")[2].partition(".")[0] in within])
    return layers


def test_every_module_can_be_imported_alone() -> None:
    layers = by_layer()
    assert sum(map(len, layers)) == len({name for layer in layers for name in layer}) == len(modules()) - 1
    command = [sys.executable, "-W", "error", "-c", IMPORT_ALONE, json.dumps(layers)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=HANG_S, check=False)
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


def public(body: list[ast.stmt], within: str) -> Iterator[tuple[str, Definition]]:
    """List the public classes, functions and methods of a module or class."""
    for node in body:
        overloads = [each for each in getattr(node, "decorator_list", ()) if getattr(each, "id", "") == "overload"]
        if isinstance(node, Definition) and not node.name.startswith("_") and not overloads:
            yield f"{within}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{within}.{node.name}")


def test_everything_public_says_what_it_is_for() -> None:
    silent = []
    for file in modules():
        tree = tree_of(file)
        silent += [] if ast.get_docstring(tree) else [name_of(file)]
        silent += [name for name, node in public(tree.body, name_of(file)) if not ast.get_docstring(node)]
    assert silent == []


def test_no_module_and_no_function_is_too_long() -> None:
    long = [f"{name_of(file)}: {n}" for file in modules() if (n := len(file.read_text("utf-8").splitlines())) > 400]
    for file in modules():
        functions = [node for node in ast.walk(tree_of(file)) if isinstance(node, ast.FunctionDef)]
        long += [f"{name_of(file)}.{each.name}" for each in functions if (each.end_lineno or 0) - each.lineno >= 60]
    assert long == []


def circles() -> list[str]:
    """Find the circles of imports: the shortest for each module that is in one, as `a -> b -> a`."""
    graph = grimp.build_graph("generator", exclude_type_checking_imports=True, cache_dir=None)
    assert len(graph.modules) > 50
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for module in sorted(graph.modules):
        ways = [
            way
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if (way := graph.find_shortest_chain(importer=imported, imported=module))
        ]
        if ways:
            way = min(ways, key=len)
            found.setdefault(frozenset(way), (module, *way))
    return [" -> ".join(name.removeprefix("generator.") for name in way) for way in found.values()]


def test_no_modules_import_each_other_in_a_circle() -> None:
    """import-linter holds the layers; this holds what lies within one. Imports for types alone do not count."""
    assert circles() == []


def test_every_public_class_has_a_name_that_no_other_has() -> None:
    named: dict[str, list[str]] = defaultdict(list)
    for file in modules():
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                named[node.name].append(name_of(file))
    twice = {name: places for name, places in named.items() if len(places) > 1}
    assert twice == {}


def test_modules_are_named_by_what_they_hold() -> None:
    vague = {"helpers", "manager", "misc", "utils"}
    assert [name_of(file) for file in modules() if file.stem in vague] == []
    values = {name_of(file) for file in modules() if file.stem == "values"}
    assert len(values) <= 1


def test_the_tests_have_the_rooms_that_the_code_has() -> None:
    rooms = {file.parent.name for file in PACKAGE.glob("*/__init__.py")}
    assert len(rooms) > 10
    folders = {folder.name for folder in (ROOT / "tests").iterdir() if any(folder.glob("test_*.py"))}
    assert folders - TESTS_OF_MORE_THAN_A_ROOM == rooms


def code_places(trees: list[ast.Module]) -> dict[str, set[int]]:
    """Find whatever takes a problem's code: name of the function or class → where among its arguments."""
    places: dict[str, set[int]] = defaultdict(set)
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg not in ("self", "cls")]
            if "code" in names:
                places[node.name].add(names.index("code"))
        elif isinstance(node, ast.ClassDef):
            targets = [each.target for each in node.body if isinstance(each, ast.AnnAssign)]
            fields = [target.id for target in targets if isinstance(target, ast.Name)]
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                    fields = [argument.arg for argument in method.args.args[1:]]
            if "code" in fields:
                places[node.name].add(fields.index("code"))
    return places


def default_codes(node: ast.FunctionDef) -> set[str]:
    """Find the code a function gives where its caller names none."""
    named = [*node.args.posonlyargs, *node.args.args]
    taken = named[len(named) - len(node.args.defaults) :]
    pairs = zip(taken, node.args.defaults, strict=True)
    return {str(value.value) for each, value in pairs if each.arg == "code" and isinstance(value, ast.Constant)}


def used_codes() -> set[str]:
    trees = [tree_of(file) for file in modules()]
    places = code_places(trees)
    found: set[str] = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            found |= default_codes(node)
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        arguments = [node.args[at] for at in places.get(called, ()) if at < len(node.args)]
        arguments += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        constants = [each for argument in arguments for each in ast.walk(argument) if isinstance(each, ast.Constant)]
        found |= {each.value for each in constants if isinstance(each.value, str) and CODE.match(each.value)}
    return found


def documented_codes() -> dict[str, str]:
    """Give what docs/problems.md says about each code, below the heading that is its anchor."""
    text = (ROOT / "docs/problems.md").read_text(encoding="utf-8")
    parts = re.split(r"^(##+) (.+)\n", text, flags=re.M)[1:]
    entries = [
        (title, body) for mark, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True) if mark == "###"
    ]
    assert len(entries) == len(dict(entries)), "a code has two headings"
    return dict(entries)


def test_every_code_of_a_problem_is_documented() -> None:
    assert used_codes() == set(documented_codes())


@pytest.mark.parametrize(("code", "entry"), documented_codes().items(), ids=documented_codes())
def test_a_code_is_explained_with_an_example_before_and_after(code: str, entry: str) -> None:
    words, example, rest = re.split(r"^```(?:diff)?\n", entry.strip() + "\n", flags=re.M)
    assert CODE.match(code)
    assert re.match(r"\*\*(Error|Warning|Note|Error or warning|Error or note|Warning or note)\.\*\* [A-Z`]", words)
    assert re.search(r"\*\*Fix:\*\*\s+[A-Z`]", words), "it says what to do"
    assert {line[:1] for line in example.splitlines()} == {"-", "+"}
    assert rest == ""


@pytest.mark.parametrize("document", sorted((ROOT / "docs").glob("*.md")), ids=lambda file: file.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    shown = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.S)
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", shown)
    assert [target for target in targets if not (document.parent / target).exists()] == []
