"""The registries that machines pull from: without the internet and with it."""

import json
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from machines import begin, labrun, listed, up
from registries import Remembering, put, serving

from lab_runner.machines import host, lifecycle
from lab_runner.machines.mirror.store import Store
from lab_runner.model import MachineSpec

pytestmark = pytest.mark.real

OTHER = "docker.io/library/other:latest"
BUSYBOX = "docker.io/library/busybox:latest"
QUAY = "quay.io/library/other:latest"


@pytest.fixture(scope="module", autouse=True)
def containerd():
    """Have the image with containerd before any folder of a test's own takes it over."""
    lifecycle.build(MachineSpec(packages=("containerd",)), print)


@pytest.fixture
def internet(tmp_path, unused_port, monkeypatch):
    """`with internet() as log:` is a docker-registry that plays the public ones."""
    here = f"http://127.0.0.1:{unused_port}"
    monkeypatch.setenv("LABRUN_REGISTRY_UPSTREAM", f"docker.io={here},quay.io={here}")

    @contextmanager
    def internet():
        config = {
            "version": 0.1,
            "storage": {"filesystem": {"rootdirectory": str(tmp_path / "upstream")}},
            "http": {"addr": f"127.0.0.1:{unused_port}"},
        }
        (tmp_path / "config.yml").write_text(json.dumps(config))
        log = tmp_path / "upstream.log"
        argv = ["docker-registry", "serve", tmp_path / "config.yml"]
        with (
            log.open("wb") as output,
            subprocess.Popen(argv, stdout=output, stderr=subprocess.PIPE) as running,
        ):
            try:
                assert any(b"listening on" in line for line in running.stderr)
                _push(Store(tmp_path / "pushed"), unused_port)
                yield log
            finally:
                running.kill()

    return internet


def _push(store, port):
    put(store, "other")
    with serving(Remembering(store)) as url:
        source = f"docker://{url.removeprefix('http://')}/library/other:latest"
        target = f"docker://127.0.0.1:{port}/library/other:latest"
        plain = ["--src-tls-verify=false", "--dest-tls-verify=false"]
        host.run(["skopeo", "copy", "--preserve-digests", *plain, source, target])


@pytest.fixture
def archive(tmp_path):
    """An image of the name `other` in an archive, as on a USB stick."""
    store = Store(tmp_path / "stick")
    put(store, "other")
    made = tmp_path / "other.tar"
    with serving(Remembering(store)) as url:
        source = f"docker://{url.removeprefix('http://')}/library/other:latest"
        copy = ["skopeo", "copy", "--src-tls-verify=false", source]
        host.run([*copy, f"oci-archive:{made}"])
    return f"oci-archive:{made}"


def pulls(name, image):
    """Whether a machine that does not have the image gets it by `ctr images pull`."""
    labrun("exec", name, "--", "ctr", "images", "remove", image)
    labrun("exec", name, "--", "ctr", "content", "prune", "references")
    return labrun("exec", name, "--", "ctr", "images", "pull", image)[0] == 0


def test_what_was_pulled_once_is_there_without_the_internet(own_folder, internet):
    with internet():
        up("m", "--package", "containerd")
        assert pulls("m", OTHER)
        assert pulls("m", QUAY)
        assert pulls("m", BUSYBOX)

    # The connection is lost while the machine runs.
    assert pulls("m", OTHER)
    labrun("down", "m")
    # There is none from the start.
    up("m", "--package", "containerd")
    assert pulls("m", OTHER)
    assert pulls("m", QUAY)
    assert pulls("m", BUSYBOX)


def test_a_machine_that_runs_can_pull_what_was_just_added(own_folder, archive):
    up("m", "--package", "containerd")
    assert not pulls("m", OTHER)
    assert not pulls("m", QUAY)

    for image in ("other", QUAY):
        code, _, err = labrun("mirror", "add", image, "--from", archive)
        assert code == 0, err

    assert pulls("m", OTHER)
    assert pulls("m", QUAY)
    images = json.loads(labrun("mirror", "list", "--json")[1])["images"]
    (digest,) = {image["digest"] for image in images if image["origin"] == "added"}
    assert pulls("m", f"docker.io/library/other@{digest}")


def test_a_machine_finds_the_images_that_its_lab_asks_for(
    own_folder, archive, tmp_path
):
    lab = tmp_path / "lab.md"
    machine = f"machine: {{packages: [containerd], registry: [{QUAY}]}}"
    lab.write_text(f"---\n{machine}\n---\n# Pulling\n\n## Pull\n\nPull it.\n")

    code, _, err = labrun("up", "m", "--lab", str(lab))
    assert code == 3
    assert f"labrun machine mirror add {QUAY} --from" in err
    assert listed() == []

    labrun("mirror", "add", QUAY, "--from", archive)
    up("m", "--lab", str(lab))
    assert pulls("m", QUAY)


def test_an_image_that_a_whole_class_pulls_is_fetched_once(own_folder, internet):
    with internet() as log:
        names = ["a", "b", "c"]
        for name in names:
            up(name, "--package", "containerd")
        pull = ("--", "ctr", "images", "pull", OTHER)
        pulling = [begin("exec", name, *pull) for name in names]
        for each in pulling:
            out, _ = each.communicate()
            assert each.returncode == 0, out
        asked = [line for line in log.read_text().splitlines() if '"GET ' in line]

    blobs = [line.split('"')[1] for line in asked if "/blobs/sha256:" in line]
    # The configuration and one layer.
    assert len(blobs) == len(set(blobs)) == 2


def test_a_mirror_without_the_internet_becomes_a_cache_when_it_comes_back(
    own_folder, internet
):
    up("m", "--package", "containerd")
    assert not pulls("m", OTHER)

    with internet():
        code, _, err = labrun("mirror", "add", "other")
        assert code == 0, err
    assert pulls("m", OTHER)


def test_a_mirror_that_died_is_started_again_by_list(own_folder):
    up("m", "--package", "containerd")
    mirror = json.loads((own_folder / "mirror.json").read_text())["pid"]
    host.run(["kill", "-KILL", str(mirror)])
    assert not pulls("m", BUSYBOX)

    assert [machine["name"] for machine in listed()] == ["m"]

    assert pulls("m", BUSYBOX)


def test_the_key_of_the_authority_is_for_root_alone(own_folder):
    lifecycle.sweep()

    mode = (own_folder / "certificates/ca.key").stat().st_mode
    assert mode & 0o077 == 0


def test_nothing_on_this_host_trusts_the_mirror(own_folder):
    def trusted():
        roots = (Path("/etc/ssl"), Path("/usr/local/share/ca-certificates"))
        return {
            path: path.lstat().st_mtime_ns for root in roots for path in root.rglob("*")
        }

    before = trusted()
    up("m")

    assert trusted() == before
    pem = str(own_folder / "certificates/mirror.pem")
    assert not host.succeeds(["openssl", "verify", pem])
    authority = str(own_folder / "certificates/ca.pem")
    assert host.succeeds(["openssl", "verify", "-CAfile", authority, pem])


def test_the_authority_can_vouch_for_no_other_server(own_folder, tmp_path):
    authority, made = own_folder / "certificates", tmp_path / "other.pem"
    signed = ["-CA", f"{authority}/ca.pem", "-CAkey", f"{authority}/ca.key"]
    name = ["-subj", "/CN=bank.example", "-addext", "subjectAltName=DNS:bank.example"]
    ending = ["-addext", "basicConstraints=critical,CA:FALSE", "-out", str(made)]
    new = ["openssl", "req", "-x509", "-noenc", "-keyout", f"{tmp_path}/key"]
    host.run([*new, *signed, *name, *ending])

    trusting = ["openssl", "verify", "-CAfile", f"{authority}/ca.pem"]
    assert not host.succeeds([*trusting, str(made)])
