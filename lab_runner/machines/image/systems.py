"""What the systems of lab machines are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab_runner.machines import host
from lab_runner.machines.image import sources
from lab_runner.machines.image.sources import Archive

# A small server as its user expects to find it.
PACKAGES = (
    "apt-utils bash-completion busybox-static ca-certificates curl dbus file iproute2"
    " iptables iputils-ping jq kmod less lsof nano netcat-openbsd openssl procps psmisc"
    " strace sudo systemd systemd-sysv tree vim-tiny wget whiptail xz-utils"
)
# Not installed, because installing them is what labs are about; only downloaded, so
# that it works without the internet.
DOWNLOADED = "containerd docker.io runc"
# What a machine with its kernel, disks and clock elsewhere has no use for; each costs
# time at every boot.
MASKED = (
    "apt-daily.timer apt-daily-upgrade.timer console-getty.service"
    " dev-hugepages.mount dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service"
    " getty.target modprobe@.service sys-fs-fuse-connections.mount"
    " sys-kernel-debug.mount sys-kernel-tracing.mount systemd-modules-load.service"
    " systemd-remount-fs.service systemd-sysusers.service systemd-update-utmp.service"
    " systemd-update-utmp-runlevel.service"
)

# systemd-nspawn mounts control groups version 1 read-only, and runc must make its own.
CGROUPS = """\
[Unit]
Description=Let containers make control groups
DefaultDependencies=no
ConditionControlGroupController=v1
Before=sysinit.target

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'for d in /sys/fs/cgroup/*/; do mount -o remount,bind,rw "$d"; done'
"""
APT = """\
APT::Install-Recommends "false";
Binary::apt::APT::Keep-Downloaded-Packages "true";
Acquire::http::Timeout "5";
Acquire::Retries "1";
Acquire::Languages "none";
"""
AUTHORITY = "usr/local/share/ca-certificates/labrun.crt"
FILES = {
    "etc/apt/apt.conf.d/90labrun": APT,
    "etc/dpkg/dpkg.cfg.d/labrun": "force-unsafe-io\n",
    "usr/lib/systemd/system/labrun-cgroups.service": CGROUPS,
    "etc/machine-id": "",
    "etc/hostname": "labrun\n",
}
CONFIGURE = f"""\
update-ca-certificates --fresh
systemctl add-wants sysinit.target labrun-cgroups.service
systemctl mask {MASKED}
apt-get --yes --download-only --option APT::Status-Fd=1 install {DOWNLOADED}
rm /etc/resolv.conf
"""
# Packages are set up here but not started: nothing of the machine runs yet.
INSTALL = """\
trap 'rm -f /usr/sbin/policy-rc.d /etc/resolv.conf' EXIT
printf '%s' "$RESOLV_CONF" >/etc/resolv.conf
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
get() { apt-get --yes --option APT::Status-Fd=1 --option Dpkg::Use-Pty=false "$@"; }
get install "$@" || { get update && get install "$@"; }
"""


@dataclass(frozen=True, slots=True)
class Package:
    """A package of an archive that is known before the archive can be trusted."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """Where a distribution is, and by which keys it is known.

    `keyring` is where hosts have it; `keys` is the package it is in, for hosts that
    cannot install that.
    """

    name: str
    archive: Archive
    keyring: Path
    keys: Package | None = None


@dataclass(frozen=True, slots=True)
class System:
    """A release of a distribution, by the name that its archive gives it."""

    distribution: Distribution
    suite: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what is in the tree of a system; `files` by path in it."""

    suite: str
    sources: Sequence[str]
    packages: str
    files: Mapping[str, str]
    configure: str


KEYRINGS = Path("/usr/share/keyrings")
DEBIAN = Distribution(
    "Debian",
    Archive(
        folder="debian",
        main="http://deb.debian.org/debian",
        security="http://deb.debian.org/debian-security",
        sections="main",
    ),
    KEYRINGS / "debian-archive-keyring.gpg",
)
UBUNTU = Distribution(
    "Ubuntu",
    Archive(
        folder="ubuntu",
        main="http://archive.ubuntu.com/ubuntu",
        security="http://security.ubuntu.com/ubuntu",
        sections="main universe",
        ports="http://ports.ubuntu.com/ubuntu-ports",
    ),
    KEYRINGS / "ubuntu-archive-keyring.gpg",
    Package(
        "pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb",
        "36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8",
    ),
)
SYSTEMS: Mapping[str, System] = {
    "debian-12": System(DEBIAN, "bookworm"),
    "ubuntu-24.04": System(UBUNTU, "noble"),
    "ubuntu-22.04": System(UBUNTU, "jammy"),
}


def recipe(image: str, authority: str) -> Recipe:
    """Return the recipe for a system; machines trust the certificate `authority`."""
    system, files = SYSTEMS[image], {**FILES, AUTHORITY: authority}
    architecture = host.run(["dpkg", "--print-architecture"]).strip()
    lines = sources.lines(system.distribution.archive, system.suite, architecture)
    return Recipe(system.suite, lines, PACKAGES, files, CONFIGURE)
