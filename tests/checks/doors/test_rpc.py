import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from google.protobuf.empty_pb2 import Empty

from checks.doors.dial import NothingListens
from checks.doors.rpc import GRPC_SETTINGS, READS, Daemon, NotFound, Read
from checks.errors import CheckError, NotPermitted, TimedOut
from checks.testing import FakeMachine
from checks.testing.server import GrpcServer, Refusal

ADDRESS = "/run/daemon.sock"
READ = Read("containerd.services.version.v1.Version/Version", Empty, Empty)

# Every method that containerd serves, from 1.6 to 2, with its CRI, as `service: methods`.
SERVED = """
containerd.services.containers.v1.Containers: Get List ListStream Create Update Delete
containerd.services.content.v1.Content: Info Update List Delete Read Status ListStatuses Write Abort
containerd.services.diff.v1.Diff: Apply Diff
containerd.services.events.v1.Events: Publish Forward Subscribe
containerd.services.images.v1.Images: Get List Create Update Delete
containerd.services.introspection.v1.Introspection: Plugins Server PluginInfo
containerd.services.leases.v1.Leases: Create Delete List ListResources AddResource DeleteResource
containerd.services.mounts.v1.Mounts: Activate Deactivate Info Update List
containerd.services.namespaces.v1.Namespaces: Get List Create Update Delete
containerd.services.sandbox.v1.Controller: Create Start Platform Stop Wait Status Shutdown Metrics Update
containerd.services.sandbox.v1.Store: Create Update Delete List Get
containerd.services.snapshots.v1.Snapshots: Prepare View Mounts Commit Remove Stat Update List Usage Cleanup
containerd.services.streaming.v1.Streaming: Stream
containerd.services.tasks.v1.Tasks: Create Start Delete DeleteProcess Get List Kill Exec ResizePty CloseIO Pause Resume ListPids Checkpoint Update Metrics Wait
containerd.services.transfer.v1.Transfer: Transfer
containerd.services.version.v1.Version: Version
runtime.v1.ImageService: ListImages ImageStatus PullImage RemoveImage ImageFsInfo
runtime.v1.RuntimeService: Version RunPodSandbox StopPodSandbox RemovePodSandbox PodSandboxStatus ListPodSandbox CreateContainer StartContainer StopContainer RemoveContainer ListContainers ContainerStatus UpdateContainerResources ReopenContainerLog ExecSync Exec Attach PortForward ContainerStats ListContainerStats PodSandboxStats ListPodSandboxStats UpdateRuntimeConfig Status CheckpointContainer GetContainerEvents ListMetricDescriptors ListPodSandboxMetrics RuntimeConfig UpdatePodSandboxResources
"""
METHODS = {
    f"{service}/{method}"
    for service, _, methods in (line.partition(": ") for line in SERVED.split("\n"))
    for method in methods.split()
}


def echo(method, request, metadata):
    return request


@pytest.fixture
def server(tmp_path):
    server = GrpcServer(tmp_path / "daemon.sock", echo)
    yield server
    server.close()


@pytest.fixture
def machine(server):
    machine = FakeMachine(sockets={ADDRESS: server.path})
    yield machine
    machine.close()


@pytest.fixture
def daemon(machine):
    return Daemon(machine, ADDRESS, "daemon")


def answering(server, answer):
    server.answer = lambda *call: answer


def refusing(server, status, details=""):
    def refuse(*call):
        raise Refusal(status, details)

    server.answer = refuse


@contextmanager
def listening(path, backlog=8):
    """A unix socket that takes connections into its queue and never accepts them."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(backlog)
        yield listener


def daemon_at(path, seconds=5.0):
    machine = FakeMachine(sockets={ADDRESS: str(path)})
    machine.allow(seconds)
    return Daemon(machine, ADDRESS, "daemon")


@pytest.mark.parametrize("method", sorted(METHODS - READS))
def test_a_method_that_is_not_a_read_never_reaches_the_wire(daemon, server, method):
    with pytest.raises(NotPermitted, match="is not a read"):
        daemon.ask(Read(method, Empty, Empty), Empty())

    assert server.calls == []


@pytest.mark.parametrize("method", sorted(METHODS - READS))
def test_a_method_that_is_not_a_read_is_not_listened_to_either(daemon, server, method):
    with pytest.raises(NotPermitted, match="is not a read"):
        daemon.listen(Read(method, Empty, Empty), Empty())

    assert server.calls == []


@pytest.mark.parametrize("method", sorted(READS))
def test_a_read_reaches_the_daemon(daemon, server, method):
    daemon.ask(Read(method, Empty, Empty), Empty())

    assert [called for called, _ in server.calls] == [method]


def test_the_reads_are_methods_that_containerd_serves_and_none_of_them_changes_it():
    assert READS <= METHODS
    assert {name.split("/")[1] for name in READS} == {
        "ContainerStatus",
        "Get",
        "ImageStatus",
        "Info",
        "List",
        "ListContainers",
        "ListImages",
        "ListPodSandbox",
        "ListResources",
        "PodSandboxStatus",
        "Read",
        "Stat",
        "Status",
        "Subscribe",
        "Version",
    }


def test_metadata_travels_with_the_call(daemon, server):
    daemon.ask(READ, Empty(), (("containerd-namespace", "k8s.io"),))

    assert server.calls[0][1]["containerd-namespace"] == "k8s.io"


def test_an_object_that_is_not_there_is_an_answer_of_its_own(daemon, server):
    refusing(server, "NOT_FOUND", "image: not found")

    with pytest.raises(NotFound, match="image: not found"):
        daemon.ask(READ, Empty())


@pytest.mark.parametrize("status", ["PERMISSION_DENIED", "UNAUTHENTICATED"])
def test_a_daemon_that_refuses_the_caller_asks_for_sudo(daemon, server, status):
    refusing(server, status)

    with pytest.raises(NotPermitted) as caught:
        daemon.ask(READ, Empty())

    assert caught.value.remedy == "run with `sudo`"


def test_a_method_the_daemon_does_not_know_names_the_version_that_does(daemon, server):
    refusing(server, "UNIMPLEMENTED")

    with pytest.raises(CheckError, match=READ.method) as caught:
        daemon.ask(READ, Empty())

    assert "daemon 1.0 or later" in caught.value.remedy


def test_any_other_status_is_told_in_the_words_of_the_daemon(daemon, server):
    refusing(server, "INVALID_ARGUMENT", "snapshotter not loaded: zfs")

    with pytest.raises(CheckError, match="snapshotter not loaded: zfs"):
        daemon.ask(READ, Empty())


def test_the_words_of_a_daemon_are_cut_to_a_sentence(daemon, server):
    refusing(server, "INTERNAL", "no " * 1000)

    with pytest.raises(CheckError) as caught:
        daemon.ask(READ, Empty())

    assert len(caught.value.message) < 400


def test_a_slow_answer_ends_with_the_time_the_check_has(daemon, server, machine):
    answered = threading.Event()
    server.answer = lambda *call: answered.wait(5) and b""
    machine.allow(0.3)
    began = time.monotonic()

    with pytest.raises(TimedOut):
        daemon.ask(READ, Empty())

    assert time.monotonic() - began < 1
    answered.set()


def test_an_absent_socket_is_told_at_once_with_the_command_that_starts_the_daemon(
    tmp_path,
):
    began = time.monotonic()

    with pytest.raises(NothingListens, match="there is no socket") as caught:
        daemon_at(tmp_path / "absent.sock").ask(READ, Empty())

    assert time.monotonic() - began < 0.5
    assert caught.value.remedy == "systemctl start daemon"


def test_a_socket_that_a_killed_daemon_left_behind_is_told_at_once(tmp_path):
    with listening(tmp_path / "left.sock"):
        pass
    began = time.monotonic()

    with pytest.raises(NothingListens, match="nothing listens on"):
        daemon_at(tmp_path / "left.sock").ask(READ, Empty())

    assert time.monotonic() - began < 0.5


def test_a_socket_that_may_not_be_dialled_asks_for_sudo(tmp_path, as_nobody):
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    with listening(tmp_path / "daemon.sock"):
        (tmp_path / "daemon.sock").chmod(0o600)

        with as_nobody(), pytest.raises(NotPermitted) as caught:
            daemon_at(tmp_path / "daemon.sock").ask(READ, Empty())

    assert "may not be dialled" in caught.value.message
    assert caught.value.remedy == "run with `sudo`"


def test_a_daemon_that_hangs_is_not_taken_for_one_that_is_gone(tmp_path):
    with listening(tmp_path / "daemon.sock"), pytest.raises(TimedOut):
        daemon_at(tmp_path / "daemon.sock", seconds=0.3).ask(READ, Empty())


def test_a_daemon_whose_queue_is_full_is_not_taken_for_one_that_is_gone(tmp_path):
    path = str(tmp_path / "daemon.sock")
    with listening(path, backlog=0), socket.socket(socket.AF_UNIX) as waiting:
        waiting.connect(path)

        with pytest.raises(TimedOut, match="does not accept connections"):
            daemon_at(path, seconds=0.3).ask(READ, Empty())


def test_what_does_not_speak_grpc_is_not_taken_for_a_daemon_that_is_gone(
    tmp_path, capfd
):
    def speak_http(listener):
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(BrokenPipeError):
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with listening(tmp_path / "daemon.sock") as listener:
        threading.Thread(target=speak_http, args=(listener,), daemon=True).start()

        with pytest.raises(CheckError, match="broke off") as caught:
            daemon_at(tmp_path / "daemon.sock").ask(READ, Empty())

        listener.shutdown(socket.SHUT_RDWR)
    assert not isinstance(caught.value, NothingListens)
    assert "unix:" not in caught.value.message
    assert capfd.readouterr().err == ""


def test_a_daemon_that_says_it_is_unavailable_is_there(daemon, server):
    refusing(server, "UNAVAILABLE", "the shim does not answer")

    with pytest.raises(CheckError, match="the shim does not answer") as caught:
        daemon.ask(READ, Empty())

    assert not isinstance(caught.value, NothingListens)


def test_bytes_that_are_no_message_are_no_answer(daemon, server, capfd):
    answering(server, b"\xff\xff\xff")

    with pytest.raises(CheckError, match="no answer"):
        daemon.ask(READ, Empty())

    assert capfd.readouterr().err == ""


def test_an_answer_beyond_all_bounds_is_refused(daemon, server):
    answering(server, bytes(17 << 20))

    with pytest.raises(CheckError, match="larger than max"):
        daemon.ask(READ, Empty())


def test_an_answer_of_ten_megabytes_is_read(daemon, server):
    answering(server, b"\x0a\x80\x80\x80\x05" + bytes(10 << 20))

    assert daemon.ask(READ, Empty()).ByteSize() > 10 << 20


class Counting(FakeMachine):
    """A machine that counts how often a socket is dialled."""

    dialled = 0

    def socket(self, path):
        self.dialled += 1
        return super().socket(path)


def test_thirty_calls_share_one_channel(server):
    machine = Counting(sockets={ADDRESS: server.path})

    for _ in range(30):
        Daemon(machine, ADDRESS, "daemon").ask(READ, Empty())

    assert len(server.calls) == 30
    assert machine.dialled == 1
    machine.close()


def test_a_daemon_that_was_restarted_is_found_by_the_next_call(
    daemon, server, tmp_path
):
    daemon.ask(READ, Empty())
    server.close()
    restarted = GrpcServer(tmp_path / "daemon.sock", echo)

    daemon.ask(READ, Empty())

    assert len(restarted.calls) == 1
    restarted.close()


def test_a_daemon_that_was_stopped_after_a_call_is_known_to_be_gone(daemon, server):
    daemon.ask(READ, Empty())
    server.close()

    with pytest.raises(NothingListens):
        daemon.ask(READ, Empty())


def test_a_daemon_that_starts_after_a_failed_call_is_found(tmp_path):
    daemon = daemon_at(tmp_path / "daemon.sock")
    with pytest.raises(NothingListens):
        daemon.ask(READ, Empty())
    started = GrpcServer(tmp_path / "daemon.sock", echo)

    daemon.ask(READ, Empty())

    assert len(started.calls) == 1
    daemon.machine.close()
    started.close()


def test_channels_to_two_sockets_are_not_mixed_up(server, tmp_path):
    other = GrpcServer(tmp_path / "other.sock", echo)
    machine = FakeMachine(
        sockets={"/run/a.sock": server.path, "/run/b.sock": other.path}
    )

    for address in ("/run/a.sock", "/run/b.sock") * 25:
        Daemon(machine, address, "daemon").ask(READ, Empty())
        # The next socket is now held under the same number.
        machine.forget(("rpc", address))

    assert (len(server.calls), len(other.calls)) == (25, 25)
    other.close()


LOGGED = """
import os, socket, sys
from google.protobuf.empty_pb2 import Empty
from checks.doors.rpc import GRPC_SETTINGS, Daemon, Read
from checks.errors import CheckError
from checks.testing import FakeMachine
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
daemon = Daemon(FakeMachine(sockets={"/d": sys.argv[1]}), "/d", "daemon")
read = Read("containerd.services.version.v1.Version/Version", Empty, Empty)
try:
    daemon.ask(read, Empty(), (("containerd-namespace", "na\u00efve"),))
except CheckError:
    print([name for name in GRPC_SETTINGS if name in os.environ])
if not os.fork():
    os._exit(0)
os.wait()
"""


def test_grpc_prints_nothing_also_after_a_fork_and_leaves_the_environment_as_it_was(
    tmp_path, monkeypatch
):
    for name in GRPC_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    argv = [sys.executable, "-c", LOGGED, str(tmp_path / "daemon.sock")]

    ended = subprocess.run(argv, capture_output=True, text=True)

    assert (ended.stdout, ended.stderr) == ("[]\n", "")
