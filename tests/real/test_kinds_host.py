"""The kinds of the host on a real machine: the near misses and what is said of them."""

import pytest
import yaml

from checks import registry, spec
from checks.verdict import Status

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("kinds-host")]

UNITS = r"""
unit() { printf '%b' "$2" >"/etc/systemd/system/$1"; }
install='\n[Install]\nWantedBy=multi-user.target\n'
thrice='[Unit]\nStartLimitIntervalSec=1h\nStartLimitBurst=3\n'
for name in web asleep changed masked page@; do
  unit $name.service "[Service]\nExecStart=/bin/sleep 100000$install"
done
unit broken.service '[Service]\nExecStart=/bin/sh -c "echo no such port >&2; journalctl --sync; exit 7"\n'
unit killed.service '[Service]\nExecStart=/bin/sh -c "kill -9 $$$$"\n'
unit again.service '[Service]\nExecStart=/bin/false\nRestart=always\nRestartSec=100\n'
unit gaveup.service "$thrice"'[Service]\nExecStart=/bin/false\nRestart=always\nRestartSec=0\n'
unit slow.service '[Service]\nType=notify\nExecStart=/bin/sleep 100000\n'
unit unmet.service '[Unit]\nConditionPathExists=/nowhere\n[Service]\nExecStart=/bin/true'"$install"
unit faulty.service '[Service]\nRestart=always\n'
unit httpd.service '[Service]\nExecStart=/usr/bin/busybox httpd -f -p 127.0.0.1:8080 -h /srv\n'
systemctl daemon-reload
systemctl enable --quiet asleep changed unmet
systemctl start web again page@1 httpd unmet gaveup broken
systemctl start killed || true
systemctl start --no-block slow
for name in broken gaveup; do
  until systemctl is-failed --quiet $name; do sleep 0.1; done
done
rm /etc/systemd/system/masked.service && systemctl mask --quiet masked
echo '# changed' >>/etc/systemd/system/changed.service
"""
ACCOUNTS = r"""
useradd --create-home --shell /bin/bash anna
useradd --password '$6$salt$aVeryWellHiddenHash' bert
groupadd builders
usermod --append --groups builders anna
"""
MOUNTS = r"""
mkdir -p /planned /bare /srv/ro
echo 'tmpfs /planned tmpfs defaults 0 0' >>/etc/fstab
mount -t tmpfs -o ro,size=1m mine /srv/ro
echo 'net.ipv4.conf.lo.rp_filter = 2' >/etc/sysctl.d/50-lab.conf
sysctl --quiet --write net.ipv4.conf.lo.rp_filter=0 net.ipv4.conf.lo.log_martians=1
"""
FILES = r"""
mkdir /srv/folder && echo inside >/srv/folder/index.html
printf 'version = 2\nSystemdCgroup = false\n' >/srv/config.toml
echo theWellHiddenKey >/srv/server.key
ln -s /srv/gone /srv/dangling
touch /srv/README
install -m 0644 /dev/null /usr/local/bin/tool
mkdir -p /opt/cni/bin && install -m 0755 /dev/null /opt/cni/bin/bridge-tool
ln -s /opt/gone /usr/local/bin/lost
echo "alias k9='ls -l'" >>/root/.bashrc
apt-get remove --quiet --yes nano >/dev/null
apt-mark hold --quiet less
"""
PROCESSES = r"""
start() { "$@" >/dev/null 2>&1 </dev/null & }
start setpriv --reuid 1000 --clear-groups sleep 200000
cat >/srv/loop.sh <<<'while :; do sleep 100000; done'
start bash /srv/loop.sh
cp /usr/bin/sleep /srv/asleep && start /srv/asleep 100000
start perl -e 'fork ? sleep 100000 : ($0 = "undead")'
listener='$s = IO::Socket::IP->new(@ARGV, ReuseAddr => 1) or die; sleep 100000'
start perl -MIO::Socket::IP -e "$listener" LocalHost ::1 LocalPort 6000 Listen 1
start perl -MIO::Socket::IP -e "$listener" LocalPort 5300 Proto udp
cd /srv && openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.pem \
  -days 2 -subj /CN=localhost 2>/dev/null
start openssl s_server -accept 8443 -cert tls.pem -key tls.key -www
sleep 2
journalctl --sync
"""
P, F = Status.PASSED, Status.FAILED
CASES = [
    ("{service: web}", P, "is active (running) and disabled"),
    ("{service: web, enabled: true}", F, "is active (running) and disabled"),
    ("{service: asleep}", F, "is inactive (dead) and enabled, but a process `asleep`"),
    ("{service: masked}", F, "`masked.service` is masked"),
    ("{service: broken}", F, "failed (exit code 7), its last log line: no such port"),
    ("{service: killed}", F, "failed (SIGKILL)"),
    ("{service: again}", F, "does not stay up (exit code 1, restarted 0 times)"),
    ("{service: gaveup}", F, "failed (exit code 1) and was restarted 3 times in vain"),
    ("{service: slow}", F, "is still starting (start)"),
    ("{service: unmet}", F, "was not started, one of its conditions is not met"),
    ("{service: faulty}", F, "has a faulty unit file"),
    ("{service: changed}", F, "its unit file has changed since systemd read it"),
    ("{service: 'page@1'}", P, "is active (running)"),
    ("{service: page}", F, "only the template `page@.service`"),
    ("{service: httpds}", F, "but there is `httpd.service`"),
    ("{service: web.timer}", F, "but there is `web.service`"),
    ("{package: nano}", F, "only its configuration files are left"),
    ("{package: ping}", F, "is there, from the package `iputils-ping`"),
    ("{package: no-such-package}", F, "no source of this machine offers it"),
    ("{package: curl, version: '1'}", F, "your sources offer"),
    ("{package: less, version: '1'}", F, "and it is held there"),
    ("{command: tool}", F, "is there but may not be executed"),
    ("{command: bridge-tool}", F, "`/opt/cni/bin` is not on the PATH"),
    ("{command: lost}", F, "is a link to `/opt/gone`, which does not exist"),
    ("{command: k9}", F, "is an alias in `/root/.bashrc`"),
    ("{command: sysctrl}", F, "but `sysctl` is"),
    ("{file: /srv/readme}", F, "but `/srv/README` does"),
    ("{file: /srv/dangling}", F, "is a link to `/srv/gone`, which does not exist"),
    ("{file: /srv/README/notes}", F, "`/srv/README` is a file, not a directory"),
    ("{file: /srv/a/b/c}", F, "nor does the directory `/srv/a`"),
    ("{file: /srv/config.toml, owner: anna}", F, "has owner `root`, not `anna`"),
    (
        "{file: /srv/config.toml, content: {contains: SystemdCgroup = true}}",
        F,
        "holds `SystemdCgroup = false` in line 2",
    ),
    ("{file: /srv/server.key, content: other}", F, "and is not shown"),
    ("{file: /etc/shadow, content: {contains: nobody-else}}", F, "and is not shown"),
    ("{process: loop.sh}", F, "`bash` runs it as a script"),
    ("{process: undead}", F, "has ended and waits for its parent"),
    ("{process: sleep, user: bert}", F, "not `bert`"),
    ("{process: sleep, user: anna, arguments: sleep 200000}", P, "is running"),
    ("{process: aslep}", F, "but `asleep` is"),
    ("{port: 6000, address: 127.0.0.1}", F, "it is bound to IPv6 alone"),
    ("{port: 8080, address: 0.0.0.0}", F, "only the machine itself reaches it"),
    ("{port: 8080, process: nginx}", F, "`busybox` (PID"),
    ("{port: 8080, process: busybox}", P, "tcp port 8080"),
    ("{port: 5300}", F, "only on udp port 5300"),
    (
        "{user: anna, shell: /bin/bash, home: /home/anna, groups: [builders]}",
        P,
        "is user 1000",
    ),
    ("{user: anna, groups: [sudo]}", F, "`anna` is in `anna` and `builders`, not in"),
    ("{user: anna, locked: false}", F, "The password of `anna` is locked"),
    ("{user: bert, locked: false}", P, "`bert` is user"),
    ("{user: bert, home: /home/bert}", F, "`/home/bert`, which does not exist"),
    ("{user: bert, shell: /bin/bash}", F, "has shell `/bin/sh`, not `/bin/bash`"),
    ("{user: builders}", F, "only a group of that name"),
    ("{user: ana}", F, "did you mean `anna`?"),
    ("{group: builders, members: [anna]}", P, "`builders` is group"),
    ("{group: builders, members: [bert]}", F, "has `anna` in it, not `bert`"),
    ("{group: builder}", F, "did you mean `builders`?"),
    ("{mount: /srv/ro, source: mine, fstype: tmpfs, options: [ro]}", P, "mine"),
    ("{mount: /srv/ro, options: [rw]}", F, "not with `rw`"),
    ("{mount: /planned}", F, "`tmpfs` is only planned in `/etc/fstab`"),
    ("{mount: /bare, source: mine}", F, "`mine` is mounted on `/srv/ro`"),
    ("{mount: /nowhere}", F, "`/nowhere` does not exist"),
    ("{sysctl: net.ipv4.conf.lo.rp_filter, value: '0'}", P, "`0`"),
    ("{sysctl: net.ipv4.conf.lo.rp_filter, value: '2'}", F, "but not applied"),
    (
        "{sysctl: net/ipv4/conf/lo/log_martians, value: '1', persistent: true}",
        F,
        "only until the next boot",
    ),
    ("{sysctl: kernel.hostnam}", F, "did you mean `hostname`?"),
    ("{http: 'http://127.0.0.1:8080/folder/', body: inside}", P, "answers 200 OK"),
    ("{http: 'http://127.0.0.1:8080/folder', follow: true}", P, "answers 200 OK"),
    ("{http: 'http://127.0.0.1:8080/folder'}", F, "answers 302 Found and points to"),
    ("{http: 'http://127.0.0.1:8080/none'}", F, "answers 404 Not Found"),
    ("{http: 'http://127.0.0.2:8080/'}", F, "only `127.0.0.1` has a listener"),
    ("{http: 'http://127.0.0.1:9/'}", F, "nothing listens on port 9"),
    ("{http: 'http://no-such.invalid/'}", F, "does not answer: Name or service"),
    ("{http: 'https://127.0.0.1:8080/'}", F, "does not speak TLS"),
    ("{http: 'https://localhost:8443/'}", F, "self-signed certificate"),
    ("{http: 'https://localhost:8443/', verify: false}", P, "answers 200"),
]
SECRETS = ("aVeryWellHiddenHash", "theWellHiddenKey")


@pytest.fixture(scope="module")
def machine(lab_machine):
    """A machine with all states that the cases ask for."""
    _, door = lab_machine()
    for script in (UNITS, ACCOUNTS, MOUNTS, FILES, PROCESSES):
        made = door.run(["bash", "-ex", "-c", script], timeout=60)
        assert made.exit == 0, made.stderr[-2000:]
    return door


@pytest.mark.parametrize(
    ("entry", "status", "said"), CASES, ids=[case[0][:60] for case in CASES]
)
def test_a_real_state_is_judged_and_told(machine, entry, status, said):
    entry = yaml.load(entry, Loader=yaml.BaseLoader)
    kind = next(iter(entry))
    machine.allow(20)

    verdict = spec.build(kind, registry.load(kind), entry).run(machine)

    assert verdict.status is status, verdict
    assert said in verdict.summary, verdict
    assert not any(secret in repr(verdict) for secret in SECRETS)
