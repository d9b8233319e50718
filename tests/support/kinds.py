"""A machine with something of every kind on it, and what is true of it and what not."""

import yaml

from checks import registry, spec
from checks.verdict import Status

PREPARE = r"""
ctr images pull docker.io/library/busybox:latest
ctr run --detach docker.io/library/busybox:latest web sleep 100000
ctr run --detach docker.io/library/busybox:latest done sh -c 'exit 3'
ctr run --detach docker.io/library/busybox:latest killed sleep 100000
ctr containers create docker.io/library/busybox:latest idle sleep 1
ctr namespaces create green colour=green
ctr --namespace green images pull docker.io/library/busybox:1.35
ctr --namespace green run --detach docker.io/library/busybox:1.35 other sleep 100000
ctr tasks kill --signal SIGKILL killed
docker pull busybox
docker run --detach --name box busybox sleep 100000
docker run --name gone busybox sh -c 'exit 4' || true
docker create --name fresh busybox
mkdir -p /srv/bundle/rootfs /srv/empty
docker export box | tar -C /srv/bundle/rootfs -xf -
cd /srv/bundle && runc spec
sed -i 's/"terminal": true/"terminal": false/; s/"sh"/"sleep", "100000"/' config.json
runc run --detach bare >/dev/null 2>&1 </dev/null
runc create made >/dev/null 2>&1 </dev/null
printf 'hello\n' >/srv/hello && chmod 0640 /srv/hello && ln -s hello /srv/link
printf '[Service]\nExecStart=/bin/sh -c "echo cannot go on >&2; sleep 0.2; exit 7"\n' \
  >/etc/systemd/system/broken.service
systemctl daemon-reload && systemctl start broken
apt-get remove -y nano >/dev/null
sleep 1
"""

DIALOGUE = """
dialogue: ctr tasks exec --tty --exec-id t web sh
script:
- {expect: '# ', send: 'echo $((6*7))'}
- {expect: '42', send: exit}
exit: '0'
"""
DOCKERS_VERSION = """
http: http://localhost/version
socket: /var/run/docker.sock
body: {contains: ApiVersion}
"""
P, F = Status.PASSED, Status.FAILED
CASES = [
    ("{package: containerd}", P, "is installed (1.6"),
    ("{package: containerd, version: {at_least: '9'}}", F, "1.6"),
    ("{package: nginx}", F, "`nginx` is not installed"),
    ("{command: ctr}", P, "/usr/bin/ctr"),
    ("{command: crictl}", F, "`crictl`"),
    ("{file: /srv/hello, mode: '0640', content: hello}", P, "/srv/hello"),
    ("{file: /srv/hello, mode: '0644'}", F, "0640"),
    ("{file: /srv/hello, type: directory}", F, "file"),
    ("{file: /srv/link, target: hello}", P, "/srv/link"),
    ("{file: /srv/nothing}", F, "does not exist"),
    ("{file: /srv/nothing, exists: false}", P, "does not exist"),
    ("{service: containerd, enabled: true}", P, "containerd.service"),
    ("{service: containerd, active: false}", F, "active"),
    ("{service: broken}", F, "cannot go on"),
    ("{service: nothing}", F, "nothing.service"),
    ("{process: containerd}", P, "containerd"),
    ("{process: sleep, parent: containerd-shim-runc-v2}", P, "sleep"),
    ("{process: nginx}", F, "nginx"),
    ("{port: 4, exists: false}", P, "4"),
    ("{port: 81}", F, "81"),
    ("{user: root, home: /root, shell: /bin/bash}", P, "`root` is user 0"),
    ("{user: nobody, groups: [docker]}", F, "not in `docker`"),
    ("{group: docker, exists: false}", F, "`docker` is group"),
    ("{mount: /proc, fstype: proc, options: [rw]}", P, "proc"),
    ("{mount: /srv}", F, "Nothing is mounted on `/srv`"),
    ("{sysctl: kernel.ostype, value: Linux}", P, "`Linux`"),
    ("{sysctl: kernel.ostyp}", F, "did you mean `ostype`?"),
    (DOCKERS_VERSION, P, "answers 200 OK"),
    ("{http: 'http://127.0.0.1:9/'}", F, "nothing listens on port 9"),
    ("{shell: 'echo out; exit 3', exit: '3', stdout: out}", P, "3"),
    ("{shell: 'echo why >&2; exit 3'}", F, "why"),
    (DIALOGUE, P, ""),
    ("{dialogue: 'cat', script: [{send: hi}, {expect: nothing}]}", F, "nothing"),
    ("{containerd: running, version: {at_least: '1.6'}}", P, "1.6"),
    ("{containerd: stopped}", F, "running"),
    ("{namespace: green, labels: {colour: green}}", P, "green"),
    ("{namespace: green, labels: {colour: red}}", F, "green"),
    ("{namespace: blue}", F, "blue"),
    ("{image: 'docker.io/library/busybox:latest'}", P, "busybox:latest"),
    ("{image: 'docker.io/library/busybox:1.35'}", F, "in namespace `green`"),
    ("{image: busybox}", F, "busybox"),
    ("{image: 'docker.io/library/nginx:latest', exists: false}", P, "nginx"),
    ("{container: web, image: 'docker.io/library/busybox:latest'}", P, "web"),
    ("{container: other}", F, "in namespace `green`"),
    ("{container: box, namespace: default}", F, "box"),
    ("{task: web}", P, "is running"),
    ("{task: idle}", F, "has no task"),
    ("{task: done}", F, "exit code 3"),
    ("{task: done, exit: '3'}", P, "exit code 3"),
    ("{task: killed}", F, "exit code 137"),
    ("{task: web, exists: false}", F, "is running"),
    ("{snapshot: web, kind: active}", P, "web"),
    ("{snapshot: web, kind: committed}", F, "active"),
    ("{snapshot: nothing}", F, "nothing"),
    ("{content: 'sha256:%s'}" % ("0" * 64), F, "000"),
    ("{pod: web}", F, "NetworkReady is false"),
    ("{pod: web, exists: false}", P, "There is no pod `web`"),
    ("{cri-container: web}", F, "containerd has one in its namespace `default`"),
    ("{cri-container: web, pod: shop, exists: false}", P, "There is no container"),
    ("{docker: running, version: {at_least: '20'}}", P, "20.10"),
    ("{docker: stopped}", F, "running"),
    ("{docker-image: busybox}", P, "busybox"),
    ("{docker-image: 'busybox:1.35'}", F, "busybox:latest"),
    ("{docker-container: box, image: busybox}", P, "is running"),
    ("{docker-container: gone}", F, "exited with code 4"),
    ("{docker-container: gone, exit: '4'}", P, "code 4"),
    ("{docker-container: fresh}", F, "fresh"),
    ("{docker-container: nothing}", F, "nothing"),
    ("{bundle: /srv/bundle, args: sleep 100000}", P, "/srv/bundle"),
    ("{bundle: /srv/empty}", F, "config.json"),
    ("{runc: bare, bundle: /srv/bundle}", P, "bare"),
    ("{runc: made}", F, "created"),
    ("{runc: nothing}", F, "nothing"),
    ("{runc: nothing, exists: false}", P, "nothing"),
    ("{any: [{file: /srv/nothing}, {file: /srv/hello}]}", P, "/srv/hello"),
    ("{all: [{file: /srv/hello}, {file: /srv/nothing}]}", F, "/srv/nothing"),
    ("{not: {task: idle}}", P, "idle"),
]


def prepare(door):
    """Put on a machine everything that the cases ask for."""
    prepared = door.run(["bash", "-ex", "-c", PREPARE], timeout=120)
    assert prepared.exit == 0, prepared.stderr[-2000:]


def judge(door, entry, status, said):
    """Run a case through a door, and hold its verdict against what is known."""
    entry = yaml.load(entry, Loader=yaml.BaseLoader)
    kind = next(iter(entry))
    door.allow(10)

    verdict = spec.build(kind, registry.load(kind), entry).run(door)

    assert verdict.status is status, verdict
    assert said in verdict.summary + verdict.actual, verdict
