"""Platforms that images are for: `linux/amd64`, `linux/arm/v7`."""

from __future__ import annotations

from checks.errors import SpecError


def check_platform(platform: str | None) -> None:
    """Raise SpecError for what names no platform."""
    if platform is not None and "/" not in platform:
        raise SpecError(
            f"`platform`: `{platform}` names no platform",
            "write operating system and architecture, such as `linux/amd64`",
            path=("platform",),
        )


def covers(asked: str, found: str) -> bool:
    """Tell whether a platform is the one asked for, of any variant if none is asked."""
    return f"{found}/".startswith(f"{asked}/")
