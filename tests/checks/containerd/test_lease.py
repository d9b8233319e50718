import time
from datetime import UTC, datetime

import pytest

from checks.containerd.lease import EXPIRE, Lease
from checks.errors import CheckError
from checks.matchers import equals
from checks.verdict import Status


def expiring(seconds):
    when = datetime.fromtimestamp(time.time() + seconds, UTC)
    return {EXPIRE: when.isoformat(timespec="seconds")}


def test_a_lease_under_its_id_passes(containerd):
    containerd.has_lease("keep")

    verdict = Lease("keep", expires=False).run(containerd.machine)

    assert verdict.status is Status.PASSED
    assert verdict.summary == "Lease `keep` is in namespace `default`"
    assert tuple(verdict.facts) == Lease.FACTS


def test_a_lease_is_asked_for_by_its_id(containerd):
    containerd.has_lease("keep")

    Lease("keep").run(containerd.machine)

    assert containerd.methods == ["Leases/List"]


def test_a_lease_in_another_namespace_is_found_there(containerd):
    containerd.has_lease("keep", namespace="k8s.io")

    verdict = Lease("keep").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.actual == "namespace k8s.io"
    assert verdict.hint == "ctr leases create --id keep"


def test_other_leases_are_named_in_place_of_a_missing_one(containerd):
    containerd.has_lease("kept")

    verdict = Lease("keep").run(containerd.machine)

    assert verdict.summary.endswith("in namespace `default`, only `kept`")


def test_a_lease_whose_time_is_over_counts_as_gone(containerd):
    containerd.has_lease("keep", labels=expiring(-180))

    wanted = Lease("keep").run(containerd.machine)
    unwanted = Lease("keep", exists=False).run(containerd.machine)

    assert wanted.status is Status.FAILED
    assert wanted.summary == "Lease `keep` has expired 3 minutes ago"
    assert unwanted.status is Status.PASSED


def test_a_lease_that_ends_by_itself_is_not_one_that_stays(containerd):
    containerd.has_lease("keep", labels=expiring(3600))

    verdict = Lease("keep", expires=False).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == "Lease `keep` ends by itself"


def test_a_lease_that_keeps_something_else_says_what(containerd):
    containerd.has_lease("keep", holds=["sha256:ab"])

    held = Lease("keep", holds="sha256:ab").run(containerd.machine)
    other = Lease("keep", holds="sha256:cd").run(containerd.machine)

    assert held.status is Status.PASSED
    assert other.status is Status.FAILED
    assert other.summary == "Lease `keep` does not keep `sha256:cd`, only `sha256:ab`"


def test_labels_are_compared(containerd):
    containerd.has_lease("keep", labels={"stage": "test"})

    verdict = Lease("keep", labels={"stage": equals("live")}).run(containerd.machine)

    assert verdict.status is Status.FAILED


def test_an_unwanted_lease_comes_with_the_command_that_removes_it(containerd):
    containerd.has_lease("keep")

    verdict = Lease("keep", exists=False).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == "ctr leases rm keep"


def test_an_expiry_that_cannot_be_read_proves_nothing(containerd):
    containerd.has_lease("keep", labels={EXPIRE: "soon"})

    with pytest.raises(CheckError, match="cannot be read"):
        Lease("keep").run(containerd.machine)
