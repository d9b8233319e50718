"""The recipe of each program."""

from __future__ import annotations

from collections.abc import Mapping

from lab_runner.inference.model import Recipe
from lab_runner.inference.recipes import apt

RECIPES: Mapping[str, Recipe] = {
    "apt": apt.recipe,
    "apt-get": apt.recipe,
    "aptitude": apt.recipe,
}
