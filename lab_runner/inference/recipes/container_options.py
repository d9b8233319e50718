"""What is asked of a container by `run` and `create` of docker, podman and nerdctl."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lab_runner.inference import options
from lab_runner.inference.model import Invocation
from lab_runner.inference.options import Arguments
from lab_runner.inference.recipes.lasting import lasts

VALUED = options.listed(
    """
    -a -c -e -h -l -m -p -u -v -w --add-host --annotation --arch --attach --authfile
    --blkio-weight --blkio-weight-device --cap-add --cap-drop --cgroup-parent --cgroupns
    --cgroups --cidfile --conmon-pidfile --cpu-period --cpu-quota --cpu-rt-period
    --cpu-rt-runtime --cpu-shares --cpus --cpuset-cpus --cpuset-mems --creds
    --detach-keys --device --device-cgroup-rule --device-read-bps --device-read-iops
    --device-write-bps --device-write-iops --dns --dns-opt --dns-option --dns-search
    --domainname --entrypoint --env --env-file --expose --gidmap --gpus --group-add
    --health-cmd --health-interval --health-retries --health-start-interval
    --health-start-period --health-timeout --hostname --ip --ip6 --ipc --isolation
    --kernel-memory --label --label-file --link --link-local-ip --log-driver --log-opt
    --mac-address --memory --memory-reservation --memory-swap --memory-swappiness
    --mount --name --net --net-alias --network --network-alias --oom-score-adj --os
    --pid --pidfile --pids-limit --platform --pod --publish --pull --requires --restart
    --runtime --sdnotify --secret --security-opt --shm-size --stop-signal --stop-timeout
    --storage-opt --subgidname --subuidname --sysctl --systemd --timeout --tmpfs --tz
    --uidmap --ulimit --umask --user --userns --uts --volume --volume-driver
    --volumes-from --workdir
    """
)
FLAGS = options.listed(
    """
    -P -d -i -q -t --detach --disable-content-trust --env-host --http-proxy --init
    --interactive --no-healthcheck --no-hosts --oom-kill-disable --privileged
    --publish-all --quiet --read-only --read-only-tmpfs --replace --rm --rmi --rootfs
    --sig-proxy --tls-verify --tty
    """
)
PUBLISHED = re.compile(
    r"(?:(?P<address>\[[^]]+\]|[^:]+):)?(?P<host>\d+):(?P<inside>\d+)"
    r"(?P<protocol>/(?:tcp|udp|sctp))?"
)


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the container and where it is published; no address means any."""

    inside: int
    protocol: str
    host: int
    address: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """`image` is empty where none is named; `mounts` go from target to source.

    `strange` are options of which it is not known whether they take a value.
    """

    image: str
    command: tuple[str, ...]
    given: Arguments
    ports: tuple[Port, ...]
    mounts: Mapping[str, str]
    strange: tuple[str, ...]

    @property
    def name(self) -> str | None:
        return self.given.value("--name")

    @property
    def is_detached(self) -> bool:
        return self.given.has("-d", "--detach")

    @property
    def is_interactive(self) -> bool:
        return self.given.has("-i", "--interactive")

    @property
    def lasts(self) -> bool:
        """Whether it surely runs on when it is started in the background."""
        entry = self.given.value("--entrypoint")
        words = [entry, *self.command] if entry else self.command
        awaits = self.is_interactive or self.given.has("-t", "--tty")
        told = self.given.values("-e", "--env")
        return lasts(self.image, words, has_terminal=awaits, environment=told)

    @property
    def is_removed(self) -> bool:
        return self.given.has("--rm")

    @property
    def is_restarted(self) -> bool:
        return self.given.value("--restart") not in (None, "no")

    @property
    def networks(self) -> list[str] | None:
        named = self.given.values("--network", "--net")
        return [each for each in named if ":" not in each] or None

    @property
    def labels(self) -> dict[str, str] | None:
        pairs = (each.partition("=") for each in self.given.values("-l", "--label"))
        return {key: value for key, _, value in pairs} or None

    @property
    def volumes(self) -> list[str]:
        """The volumes that it is given by name."""
        return [each for each in self.mounts.values() if not each.startswith("/")]


def asked(command: Invocation, given: Sequence[str]) -> Asked:
    """Read the words behind `run` or `create`."""
    arguments = options.parse(given, VALUED, limit=1)
    image, *inside = arguments.words or ("",)
    return Asked(
        image=image,
        command=tuple(inside),
        given=arguments,
        ports=tuple(_ports(arguments.values("-p", "--publish"))),
        mounts=dict([*_volumes(command, arguments), *_mounts(command, arguments)]),
        strange=tuple(sorted(set(arguments.options) - VALUED - FLAGS)),
    )


def _ports(published: Sequence[str]) -> Iterator[Port]:
    """Yield what has a port of the host: neither ranges nor ports left to chance."""
    for each in published:
        if found := PUBLISHED.fullmatch(each):
            protocol = (found["protocol"] or "/tcp")[1:]
            address = found["address"]
            yield Port(int(found["inside"]), protocol, int(found["host"]), address)


def _volumes(command: Invocation, given: Arguments) -> Iterator[tuple[str, str]]:
    for each in given.values("-v", "--volume"):
        source, colon, rest = each.partition(":")
        if colon:
            yield rest.partition(":")[0], _source(command, source)


def _mounts(command: Invocation, given: Arguments) -> Iterator[tuple[str, str]]:
    for each in given.values("--mount"):
        pairs = dict(part.partition("=")[::2] for part in each.split(","))
        source = pairs.get("source") or pairs.get("src")
        target = pairs.get("target") or pairs.get("destination") or pairs.get("dst")
        if source and target:
            yield target, _source(command, source)


def _source(command: Invocation, source: str) -> str:
    """Return the name of a volume, or the absolute path of a directory."""
    return command.path(source) if source.startswith((".", "/")) else source
