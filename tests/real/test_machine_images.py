"""What machines start from: systems, packages and files, in layers that are shared."""

import json
import threading
import urllib.request
from contextlib import contextmanager
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from machines import begin, labrun, traces, until, up, wait_for

from lab_runner import course
from lab_runner.errors import MachineError
from lab_runner.machines import lifecycle, state
from lab_runner.machines.checkpoints import Checkpoint
from lab_runner.machines.image import build, layers
from lab_runner.model import MachineFile, MachineSpec

pytestmark = pytest.mark.real

UBUNTUS = [name for name in course.SYSTEMS if name.startswith("ubuntu")]
UBUNTU_ARCHIVE = "http://archive.ubuntu.com/ubuntu/dists/noble/InRelease"
LAB = """\
---
title: A lab
machine:
  image: web
  files:
    /etc/motd: {from: assets/motd}
    /usr/local/bin/greet: {content: "#!/bin/sh\\necho hello\\n", mode: "0755"}
---
## A step

Prose.
"""
WEB = """\
packages = ["hello"]
[files]
"/lib/labrun/of-the-definition" = "near\\n"
"/etc/motd" = "never seen\\n"
"""


def built(*packages, files=()):
    """The trees of a specification, topmost first; and what was told meanwhile."""
    told = []
    spec = MachineSpec(packages=packages, files=files)
    return layers.ensure(spec, told.append), told


def said(door, *argv):
    result = door.run(argv, timeout=300)
    assert result.exit == 0, result
    return result.stdout.strip()


def checkpoint(folder, key, tree):
    path = folder / "checkpoints" / key / "checkpoint.json"
    path.parent.mkdir(parents=True)
    written = Checkpoint(key, "lab", "step", (), trees=(tree.name,))
    path.write_text(json.dumps(asdict(written)))


@pytest.fixture
def machine(request, worker_id):
    """`machine(SPEC)` boots a machine of its own and gives its door."""
    name = f"image-{worker_id}"

    def make(spec):
        lifecycle.up(name, spec, print)
        door = lifecycle.find(name)
        request.addfinalizer(lambda: (door.close(), lifecycle.down(name)))
        return door

    return make


@contextmanager
def proxy(answer):
    """A proxy on this host; `answer(path)` is called before it fetches anything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self.path)
            with opener.open(self.path) as found:
                content = found.read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_machine_has_the_packages_and_files_of_its_lab_and_of_its_image(
    own_folder, tmp_path, monkeypatch
):
    monkeypatch.setenv("LABRUN_LABS", str(tmp_path))
    for name in ("machines", "lab", "lab/assets"):
        (tmp_path / name).mkdir()
    (tmp_path / "machines/web.toml").write_text(WEB)
    (tmp_path / "lab/lab.md").write_text(LAB)
    (tmp_path / "lab/assets/motd").write_text("Welcome.\n")
    up("m", "--lab", "lab")

    script = (
        "greet; cat /etc/motd; readlink /lib; cat /usr/lib/labrun/of-*; hello -g hi"
    )
    code, out, _ = labrun("exec", "m", "--", "sh", "-c", script)
    assert (code, out) == (0, "hello\nWelcome.\nusr/lib\nnear\nhi\n")
    assert labrun("exec", "m", "--", "stat", "-c%a %U", "/etc/motd")[1] == "644 root\n"
    assert labrun("down", "m")[0] == 0
    assert traces(own_folder) == []


def test_labs_with_the_same_packages_share_their_layer(own_folder):
    one, _ = built("hello", files=(MachineFile("/etc/x", "one"),))
    two, told = built("hello", files=(MachineFile("/etc/x", "two"),))

    assert one[1:] == two[1:]
    assert one[0] != two[0]
    assert told == []
    assert (one[0] / "etc/x").read_text() == "one"


def test_a_file_does_not_leave_the_tree_by_a_symlink_of_the_image(own_folder, tmp_path):
    base, planted = built()[0][0], own_folder / "planted"
    tree = own_folder / "layer/tree"
    inside = tmp_path.relative_to("/")
    for path in (planted / "etc", planted / inside, tree):
        path.mkdir(parents=True)
    (planted / "etc/absolute").symlink_to(tmp_path)
    (planted / "etc/upwards").symlink_to("../" * 20 + str(tmp_path))
    (planted / "etc/itself").symlink_to(tmp_path / "victim")
    names = ("absolute/one", "upwards/two", "itself")
    files = [MachineFile(f"/etc/{name}", name) for name in names]

    build.write(tree, [planted, base], files, print)

    assert list(tmp_path.iterdir()) == []
    assert sorted(path.name for path in (tree / inside).iterdir()) == ["one", "two"]
    assert (tree / "etc/itself").read_text() == "itself"


def test_a_file_where_none_can_be_is_told_in_a_sentence(own_folder):
    with pytest.raises(MachineError, match=r"etc/passwd/x: Cannot open") as error:
        built(files=(MachineFile("/etc/passwd/x", ""),))

    assert error.value.remedy.startswith("write the files of the machine to places")
    assert list((own_folder / "images").glob(".*")) == []


def test_of_two_that_build_the_same_one_waits(own_folder):
    both = [begin("build", "--package", "hello") for _ in range(2)]
    told = [run.communicate()[1] for run in both]

    assert [run.returncode for run in both] == [0, 0]
    waited = ["another labrun that builds the same" in each for each in told]
    assert sorted(waited) == [False, True]


def test_after_a_kill_a_build_goes_on_with_what_it_has_downloaded(
    own_folder, monkeypatch
):
    asked, second, free = [], threading.Event(), threading.Event()

    def hold_the_second(path):
        if path.endswith(".deb"):
            asked.append(path)
            if len(asked) > 1 and not second.is_set():
                second.set()
                free.wait()

    with proxy(hold_the_second) as address:
        monkeypatch.setenv("http_proxy", address)
        running = begin("build", "--package", "hello", "--package", "figlet")
        assert second.wait(60)
        kept = own_folder / "downloads"
        until(lambda: list(kept.glob("*/packages/*.deb")), "nothing is kept")
        running.kill()
        running.communicate()
        del asked[1:]

        code, _, err = labrun("build", "--package", "hello", "--package", "figlet")
        free.set()

    assert code == 0, err
    assert len(asked) == len(set(asked)) == 2
    assert list(kept.iterdir()) == []
    assert traces(own_folder) == []


def test_prune_leaves_alone_what_a_machine_uses_or_would_use(own_folder):
    stale = own_folder / "images/debian-12-000000000000"
    (stale / "tree").mkdir(parents=True)
    (stale / "tree/large").write_bytes(b"x" * (1 << 20))
    kept, _ = built("hello")
    checkpoint(own_folder, "old", stale)
    checkpoint(own_folder, "new", kept[0].parent)
    up("m")

    assert stale.name in labrun("prune", "--dry-run")[1]
    assert stale.exists()
    code, out, _ = labrun("prune", "--json")
    report = json.loads(out)
    removed = {each["name"]: each for each in report["removed"]}
    assert (code, removed[stale.name]["kind"]) == (0, "image")
    assert report["reclaimed"] >= removed[stale.name]["size"] >= 1 << 20
    assert not stale.exists()
    assert all(tree.exists() for tree in kept)
    assert [path.name for path in (own_folder / "checkpoints").iterdir()] == ["new"]
    used = {Path(tree).parent for tree in state.load("m").trees}
    labrun("prune", "--all")
    assert set((own_folder / "images").iterdir()) == used
    assert labrun("exec", "m", "--", "true")[0] == 0


def test_prune_takes_nothing_from_a_machine_that_is_just_coming_up(own_folder):
    starting = begin("up", "m", "--package", "hello")
    wait_for(own_folder / "locks/images")

    assert labrun("prune", "--all")[0] == 0
    starting.communicate()
    assert starting.returncode == 0
    assert labrun("exec", "m", "--", "hello", "-g", "hi")[1] == "hi\n"


def test_an_archive_out_of_reach_is_told_in_a_sentence(own_folder, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    code, _, err = labrun("build", "--image", UBUNTUS[0])

    assert code == 3
    assert "the archive of Ubuntu cannot be reached" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("image", UBUNTUS)
def test_an_ubuntu_boots_and_installs_containerd(image, machine):
    try:
        urllib.request.urlopen(UBUNTU_ARCHIVE, timeout=10).close()
    except OSError as error:
        pytest.skip(f"the archive of Ubuntu cannot be reached: {error}")
    door = machine(MachineSpec(image))

    assert said(door, "systemctl", "is-system-running", "--wait") == "running"
    assert "VERSION_ID=" + image.partition("-")[2] in said(
        door, "sed", 's/"//g', "/etc/os-release"
    )
    said(door, "apt-get", "install", "--yes", "containerd")
    assert said(door, "systemctl", "is-active", "containerd") == "active"
    busybox = "docker.io/library/busybox:latest"
    said(door, "ctr", "images", "pull", busybox)
    # Not by what it prints: `ctr run` may end before it has copied that.
    ended = door.run(["ctr", "run", "--rm", busybox, "x", "sh", "-c", "exit 7"])
    assert ended.exit == 7, ended
