"""Programs that only show something, or that wait for somebody at the keyboard."""

from __future__ import annotations

from lab_runner.inference import options, wrappers
from lab_runner.inference.model import (
    Effects,
    Invocation,
    change,
    interactive,
    look,
    opening,
    unknown,
)
from lab_runner.inference.recipes.paths import at_or_below

LOOKS = options.listed(
    """
    apt-cache dpkg-query lsb_release ls cat head tail grep egrep fgrep zgrep find wc stat file which whereis type
    ps date whoami id groups hostname uname df du free lsblk lscpu lsmod lsns
    lsof env printenv history pwd ss netstat journalctl dmesg diff cmp sort uniq
    cut awk jq yq column tree man sleep ping dig nslookup host getent sha256sum
    md5sum strace nproc findmnt blkid readlink realpath dirname basename pgrep
    pstree last w who uptime modinfo getfacl xxd hexdump od strings base64 nc
    traceroute arp jobs wait ldd curl wget test [ true false locale loginctl
    hostnamectl timedatectl vmstat watch iostat fg bg
    """
)
SILENT = options.listed(
    """
    echo printf cd pushd popd set export declare local readonly typeset unset
    test [ sleep true false wait source . : clear exit return shift alias umask
    """
)
INTERACTIVE = options.listed(
    """
    less more top htop su tmux screen bash sh zsh fish visudo vipw passwd
    """
)
OPENING = options.listed(
    "ssh mysql psql sqlite3 python python3 node irb telnet ftp sftp"
)
# Programs that open a shell elsewhere, by the words behind them.
SHELLS_ELSEWHERE = {
    "docker-machine": "ssh",
    "limactl": "shell",
    "lxc": "shell",
    "machinectl": "shell login",
    "minikube": "ssh",
    "multipass": "shell",
    "vagrant": "ssh",
}
ROOMS = options.listed("chroot nsenter unshare systemd-nspawn kubectl lxc incus ip")
EDITORS = options.listed("vi vim nvim nano emacs")
INTERPRETERS = options.listed("bash sh zsh fish dash python python3 node irb ruby perl")
SETTERS = options.listed("hostnamectl timedatectl localectl loginctl")
FOLLOWS = {
    "journalctl": ("-f", "--follow"),
    "tail": ("-f", "-F", "--follow"),
    "dmesg": ("-w", "-W", "--follow"),
}
FOUND = {"-delete", "-exec", "-execdir", "-ok", "-okdir"}
CHANGES = {
    "date": ("-s", "--set"),
    "dmesg": ("-c", "-C", "--clear", "--read-clear"),
    "sort": ("-o", "--output"),
}
SHOWS = ("show", "list", "ls", "lst", "get", "help")
RUNNING = (
    *("process", "port", "task", "service", "runc"),
    *("docker-container", "cri-container"),
)
CONNECTED = options.listed("-F -J -P -U -d -h -i -l -o -p -u --host --port --user")
ENTERED = ("-t", "--target", "-S", "-G", "--setuid", "--setgid")
TYPED = "somebody has to type into it"


def recipe(command: Invocation) -> Effects:
    """Tell what any other program is for; unknown when labrun does not know it."""
    name = command.program
    if name in SILENT:
        return look(why="it changes nothing that stays")
    if found := _altering(command) or _waiting(command):
        return found
    if name in (*LOOKS, "ip", "iptables") or (
        name == "containerd" and command.arguments[:1] == ("config",)
    ):
        return look()
    if name in INTERPRETERS and (command.arguments or command.is_fed):
        return unknown("what a script does is not told")
    if name in ("kill", "pkill", "killall"):
        return change(forgets=lambda known: known.kind in RUNNING)
    return unknown(f"labrun has no recipe for `{name}`")


def _waiting(command: Invocation) -> Effects | None:
    """Tell of programs that wait for somebody at the keyboard."""
    name, is_short = command.program, not command.arguments[1:]
    if follows(command):
        return interactive("it goes on until somebody ends it")
    if name in EDITORS:
        paths = [command.path(word) for word in options.parse(command.arguments).words]
        return Effects("interactive", forgets=at_or_below(paths), why=TYPED)
    is_script = name in INTERPRETERS and (command.arguments or command.is_fed)
    if _opens(command) or (name in OPENING and not is_script and _asks(command)):
        return opening(TYPED)
    if wrappers.login(command) or (name in INTERACTIVE and is_short and not is_script):
        return interactive(TYPED)
    return _entered(command) if name == "nsenter" else None


def _asks(command: Invocation) -> bool:
    """Tell of ssh, mysql and the like whether they are told nothing to run."""
    given = options.parse(command.arguments, CONNECTED)
    return (
        not given.words[1:] and not given.has("-c", "-e", "-f") and not command.is_fed
    )


def _opens(command: Invocation) -> bool:
    """Tell whether it opens a shell in another root, machine or namespace."""
    name, words = command.program, command.arguments
    if set(SHELLS_ELSEWHERE.get(name, "").split()) & set(words[:1]):
        return True
    last = words[-1].rpartition("/")[2] if words else ""
    is_alone = (
        name in ("nsenter", "unshare") and not options.parse(words, ENTERED).words
    )
    return name in ROOMS and (last in INTERPRETERS or is_alone)


def _entered(command: Invocation) -> Effects:
    """Read `nsenter -t 1 -n COMMAND`: what shows something does so there as well."""
    inner, *_ = options.parse(command.arguments, ENTERED, limit=1).words
    if inner in LOOKS or inner in ("ip", "iptables"):
        return look()
    return unknown("what a program does in other namespaces is not told")


def follows(command: Invocation) -> bool:
    """Tell whether it shows what happens from now on, until Ctrl-C."""
    given = options.parse(command.arguments)
    return given.has(*FOLLOWS.get(command.program, ()))


def _found(command: Invocation) -> Effects:
    """Only when it runs is it known which files below its folders it touches."""
    words = command.arguments
    end = next((n for n, word in enumerate(words) if word.startswith("-")), len(words))
    folders = [command.path(word) for word in words[:end] or (".",)]
    why = "what it finds is known only when it runs"
    return change(forgets=at_or_below(folders), why=why)


def _altering(command: Invocation) -> Effects | None:
    """Tell what programs that look change all the same, when they are asked to."""
    if command.program == "find" and not FOUND.isdisjoint(command.arguments):
        return _found(command)
    if _alters(command) or _sets(command):
        return change(why="labrun cannot look at what it changes")
    return None


def _alters(command: Invocation) -> bool:
    given = options.parse(command.arguments)
    match command.program:
        case "hostname":
            return bool(given.words)
        case "iptables":
            return not given.has("-L", "--list", "-S", "--list-rules", "-nL", "-vnL")
        case "ip":
            return any(verb not in SHOWS for verb in given.words[1:2])
    return given.has(*CHANGES.get(command.program, ()))


def _sets(command: Invocation) -> bool:
    if command.program not in SETTERS:
        return False
    verb = next(iter(options.parse(command.arguments).words), "")
    return verb.startswith(("set-", "enable-", "disable-", "terminate-", "kill-"))
