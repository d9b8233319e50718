"""What OCI runtimes keep and what image layouts hold: real states, and their words."""

import pytest
import yaml

from checks import registry, spec
from checks.errors import CheckError
from checks.verdict import Status

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("kinds-oci")]

PREPARE = r"""
ctr images pull docker.io/library/busybox:latest
mkdir -p /srv/web/rootfs/bin && cp "$(command -v busybox)" /srv/web/rootfs/bin/
cd /srv/web && runc spec
sed -i 's/"terminal": true/"terminal": false/
  s/"sh"/"\/bin\/busybox", "sleep", "100000"/
  s/"ociVersion"/"annotations": {"colour": "red"}, "ociVersion"/' config.json
cp -a /srv/web /srv/temporary
quietly() { "$@" >/dev/null 2>&1 </dev/null; }
quietly runc run --detach web
quietly runc create made
quietly runc run --detach paused && runc pause paused
quietly runc run --detach killed && runc kill killed KILL
quietly runc run --detach --bundle /srv/temporary orphan && runc kill orphan KILL
quietly runc --root /srv/state run --detach far
XDG_RUNTIME_DIR=/run/user/1000 quietly runc --root /run/user/1000/runc run --detach own
quietly crun run --detach crunned
quietly crun --root /run/runc run --detach mixed
ctr run --detach docker.io/library/busybox:latest inctr sleep 100000
mkdir /run/runc/half
rm -r /srv/temporary

bundle() { mkdir -p /srv/$1/rootfs && cp /srv/web/config.json /srv/$1/; }
bundle empty
bundle rootless && rmdir /srv/rootless/rootfs
bundle cut && head -c 300 /srv/web/config.json >/srv/cut/config.json
bundle moved && sed -i 's/"path": "rootfs"/"path": "root"/' /srv/moved/config.json
bundle inside && mv /srv/inside/config.json /srv/inside/rootfs/
mkdir /srv/plain

layout() { mkdir /srv/$1 && tar -C /srv/$1 -xf /srv/busybox.tar; }
ctr images export /srv/busybox.tar docker.io/library/busybox:latest
layout whole && layout lost && layout short && layout damaged
for each in lost short damaged; do
  layer=$(find /srv/$each/blobs -type f -size +100k) && chmod u+w $layer
  case $each in
    lost) rm $layer ;;
    short) truncate --size 1000 $layer ;;
    damaged) printf x | dd of=$layer conv=notrunc status=none ;;
  esac
done
layout indexless && rm /srv/indexless/index.json
layout garbled && echo '{"manifests": [' >/srv/garbled/index.json
docker pull --quiet busybox && mkdir /srv/saved && docker save busybox | tar -C /srv/saved -xf -
sleep 0.5
"""
P, F = Status.PASSED, Status.FAILED
CASES = [
    ("{runc: web, annotations: {colour: red}}", P, "is running, from bundle"),
    ("{runc: web, bundle: /srv/other}", F, "with bundle `/srv/web`"),
    ("{runc: web, annotations: {colour: blue}}", F, "annotation `colour` `red`"),
    ("{runc: made, status: created}", P, "is created"),
    ("{runc: made}", F, "`made` is created"),
    ("{runc: paused}", F, "`paused` is paused"),
    ("{runc: killed}", F, "`killed` is stopped"),
    ("{runc: killed, exists: false}", F, "`killed` is stopped"),
    ("{runc: orphan}", F, "is stopped, and its bundle `/srv/temporary` is gone"),
    ("{runc: far, root: /srv/state}", P, "is running"),
    ("{runc: far}", F, "There is no container `far` in runc's `/run/runc`"),
    ("{runc: own}", F, "there is one in `/run/user/1000/runc`"),
    ("{runc: inctr}", F, "there is one in `/run/containerd/runc/default`"),
    ("{runc: inctr, root: /run/containerd/runc/default}", P, "is running"),
    ("{runc: crunned}", F, "there is one in `/run/crun`"),
    ("{runc: mixed}", F, "`/run/runc/mixed` is a container of crun"),
    ("{runc: half}", F, "is left of one that was not made to its end"),
    ("{runc: half, exists: false}", P, "There is no container"),
    ("{bundle: /srv/web, args: /bin/busybox sleep 100000}", P, "is valid"),
    ("{bundle: /srv/web, args: sleep 100000}", F, "`/bin/busybox sleep 100000`"),
    ("{bundle: /srv/empty}", F, "`/srv/empty/rootfs` is empty"),
    ("{bundle: /srv/rootless}", F, "`/srv/rootless/rootfs` is not there"),
    ("{bundle: /srv/moved}", F, "`/srv/moved/root` is not there"),
    ("{bundle: /srv/cut}", F, "not a valid runtime config: line "),
    ("{bundle: /srv/plain}", F, "`/srv/plain` has no `config.json`"),
    ("{bundle: /srv/inside}", F, "no `config.json`, it is in `/srv/inside/rootfs`"),
    ("{oci-layout: /srv/whole, tag: latest, platform: linux/amd64}", P, "is whole"),
    ("{oci-layout: /srv/whole, verify: true}", P, "is whole"),
    ("{oci-layout: /srv/whole, tag: '1.36'}", F, "it has `latest`"),
    ("{oci-layout: /srv/whole, platform: linux/arm64}", F, "linux/amd64"),
    ("{oci-layout: /srv/whole, layers: 9}", F, "has 1 layer"),
    ("{oci-layout: /srv/lost}", F, "layer 1 of 1"),
    ("{oci-layout: /srv/short}", F, "has 1000 bytes, and its manifest says"),
    ("{oci-layout: /srv/damaged, verify: true}", F, "its digest is another"),
    ("{oci-layout: /srv/indexless}", F, "has no `index.json`"),
    ("{oci-layout: /srv/garbled}", F, "`/srv/garbled/index.json` is not JSON: line "),
    ("{oci-layout: /srv/saved}", F, "it is what `docker save` makes"),
    ("{oci-layout: /srv/busybox.tar}", F, "is a file, not a directory: unpack it"),
    ("{oci-layout: /srv/plain}", F, "it has no file `oci-layout`"),
    ("{oci-layout: /srv/nothing}", F, "There is no directory `/srv/nothing`"),
]


@pytest.fixture(scope="module")
def machine(lab_machine):
    """A machine with everything on it that the cases ask for."""
    _, door = lab_machine(["containerd", "docker.io", "crun", "busybox-static"])
    prepared = door.run(["bash", "-ex", "-c", PREPARE], timeout=120)
    assert prepared.exit == 0, prepared.stderr[-2000:]
    return door


def judged(machine, entry):
    entry = yaml.load(entry, Loader=yaml.BaseLoader)
    kind = next(iter(entry))
    machine.allow(10)
    return spec.build(kind, registry.load(kind), entry).run(machine)


@pytest.mark.parametrize(("entry", "status", "said"), CASES, ids=[c[0] for c in CASES])
def test_a_real_state_is_judged_and_told(machine, entry, status, said):
    verdict = judged(machine, entry)

    assert verdict.status is status, verdict
    assert said in verdict.summary, verdict


def test_crun_under_runcs_name_does_not_know_a_container_of_runc(machine):
    machine.run(["mount", "--bind", "/usr/bin/crun", "/usr/sbin/runc"])
    try:
        with pytest.raises(CheckError, match="such as crun, goes by its name"):
            judged(machine, "{runc: web}")
    finally:
        machine.run(["umount", "/usr/sbin/runc"])
