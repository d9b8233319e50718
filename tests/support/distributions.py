"""Distributions that are there for one test: metadata and modules in a folder."""

import tomllib
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "fixtures/extension"


def install(folder, name, kinds, version="1.0"):
    """Write the metadata of a distribution whose entry points are `kinds`."""
    metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    )
    lines = [f"{kind} = {target}" for kind, target in kinds.items()]
    (metadata / "entry_points.txt").write_text("\n".join(["[labrun.checks]", *lines]))


def install_example(folder):
    """Install tests/fixtures/extension as its pyproject.toml says."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["labrun.checks"]
    install(folder, project["name"], points, project["version"])
    module = EXAMPLE / "labrun_swap.py"
    (folder / module.name).write_text(module.read_text())
