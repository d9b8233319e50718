"""One fact of containerd, asked over gRPC and by forking `ctr`."""

from __future__ import annotations

from benched import do, machine
from timing import medians, show

from checks.containerd.image import Image

REFERENCE = "docker.io/library/busybox:latest"


def run() -> None:
    with machine("containerd") as door:
        do(door, f"ctr images pull -q {REFERENCE} || ctr images pull {REFERENCE}")
        check = Image(REFERENCE)
        found = medians(
            {
                "image check over gRPC": lambda: check.run(door),
                "ctr images ls name==…": lambda: do(
                    door, f"ctr images ls name=={REFERENCE} | grep -q busybox"
                ),
            },
            runs=100,
        )
        show(found, "image check over gRPC")
