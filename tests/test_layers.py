"""The direction of imports and the doors, held by reading every file."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# From the bottom up; a module may import from its own layer and those before it.
LAYERS = [
    [
        "lab_runner",
        "lab_runner.model",
        "lab_runner.errors",
        "lab_runner.characters",
        "lab_runner.facts",
        "lab_runner.values",
        "lab_runner.result",
    ],
    [
        "lab_runner.formats",
        "lab_runner.inference",
        "lab_runner.variables",
        "lab_runner.course",
        "lab_runner.state",
        "lab_runner.journal",
        "lab_runner.progress",
        "lab_runner.recording",
    ],
    [
        "lab_runner.inferring",
        "lab_runner.loading",
        "lab_runner.engine",
        "lab_runner.machines",
        "lab_runner.doctor",
        "lab_runner.importing",
        "lab_runner.schema",
    ],
    [
        "lab_runner.lint",
        "lab_runner.session",
        "lab_runner.taking",
        "lab_runner.withholding",
        "lab_runner.recall",
        "lab_runner.answers",
        "lab_runner.replay",
        "lab_runner.requirements",
        "lab_runner.report",
    ],
    ["lab_runner.goto", "lab_runner.fresh"],
    ["lab_runner.proving"],
    ["lab_runner.trying"],
    ["lab_runner.inband", "lab_runner.exchange", "lab_runner.shell", "lab_runner.demo"],
    ["lab_runner.cli"],
    ["lab_runner.__main__"],
]
DOORS_ONLY = {"subprocess", "pexpect", "grpc", "pty", "socket"}
# Host administration, the relay that runs labrun itself, and servers for tests.
EXCEPTIONS = {"lab_runner.machines", "lab_runner.exchange", "checks.testing"}


def modules():
    for package in ("checks", "lab_runner"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "_pb2" not in path.name:
                yield path


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{a.name}", node.lineno) for a in node.names)


def layer_of(module):
    best = max(
        (
            (len(prefix), index)
            for index, layer in enumerate(LAYERS)
            for prefix in layer
            if module == prefix or module.startswith(prefix + ".")
        ),
        default=None,
    )
    return best[1] if best else None


def test_every_module_of_lab_runner_has_a_layer():
    bare = [
        name_of(p)
        for p in modules()
        if p.is_relative_to(ROOT / "lab_runner")
        and name_of(p) != "lab_runner"
        and layer_of(name_of(p)) in (None, 0)
        and name_of(p) not in LAYERS[0]
    ]
    assert bare == []


def test_imports_point_one_way():
    wrong = []
    for path in modules():
        own = layer_of(name_of(path))
        for imported, line in imports(path):
            if not imported.startswith("lab_runner."):
                continue
            theirs = layer_of(imported)
            if own is not None and theirs is not None and theirs > own:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {imported}")
    assert wrong == []


def test_checks_import_nothing_of_lab_runner():
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        if path.is_relative_to(ROOT / "checks")
        for imported, line in imports(path)
        if imported.split(".")[0] == "lab_runner"
    ]
    assert wrong == []


def test_only_the_doors_touch_a_machine():
    wrong = []
    for path in modules():
        name = name_of(path)
        if name.startswith("checks.doors"):
            continue
        if any(name == e or name.startswith(e + ".") for e in EXCEPTIONS):
            continue
        wrong += [
            f"{path.relative_to(ROOT)}:{line} imports {imported}"
            for imported, line in imports(path)
            if imported.split(".")[0] in DOORS_ONLY
        ]
    assert wrong == []


@pytest.mark.parametrize("folder", ["labs", "content"])
def test_labs_and_content_are_data(folder):
    assert list((ROOT / folder).rglob("*.py")) == []


def test_no_file_is_longer_than_400_lines():
    long = {
        str(p.relative_to(ROOT)): n
        for p in modules()
        if (n := len(p.read_text().splitlines())) > 400
    }
    assert long == {}
