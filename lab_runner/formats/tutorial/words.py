"""Words by which a line reads like a command, or like a sentence."""

from __future__ import annotations

import re

WORDS = """
add-apt-repository apk apt apt-cache apt-get apt-key apt-mark arch awk aws base64
bash blkid buildah cat cd chgrp chmod chown chroot chsh clear cmake cni cosign cp
containerd cri-dockerd crictl crun ctr curl cut date dd df
diff dig dmesg dnf docker docker-compose dpkg du echo egrep env etcdctl exit export
fdisk find findmnt free getent git go gpg grep groupadd groups gunzip gzip head helm
hostname hostnamectl htop id ifconfig install ip iptables jq journalctl k3s k9s kill
killall kind kubeadm kubectl kubelet kustomize less lima limactl ln locale ls lsblk
lscpu lsmod lsns lsof make microk8s minikube mkdir mkfs mkfs.ext4 modinfo modprobe
mount mv nc nerdctl netstat newgrp nft nginx node nohup npm nsenter openssl passwd
pgrep ping pip pip3 pkill podman printf ps pwd python python3 rm rmdir rpm rsync runc
scp sed service setenforce sestatus set sh skopeo sleep snap source ss ssh ssh-keygen
stat strace su sudo swapoff swapon sysctl systemctl systemd-cgls systemd-run tail tar
tee terraform test timeout touch trap tree truncate ufw ulimit umask umoci umount
uname unlink unshare unzip update-alternatives update-rc.d uptime useradd userdel
usermod vagrant vi vim visudo watch wc wget which whoami xargs yarn yum zcat zypper
"""
PROGRAMS = frozenset(WORDS.split())
PROSE = re.compile(
    r"(?<!\S)(?:the|an?|is|are|that|this|these|with|sure|your|you|we|of|then|if|when|now"
    r"|it|its|can|will|should|using|into|our|all)(?!\S)",
    re.IGNORECASE,
)
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=\S*")
PATH = re.compile(r"(?:\.{0,2}|~|\$\w+)/[\w./-]+")


def is_known(line: str) -> bool:
    """Tell whether a line begins with a program that tutorials use."""
    words = line.split(maxsplit=4)
    while words and ASSIGNMENT.fullmatch(words[0]):
        words = words[1:]
    return bool(words) and (words[0] in PROGRAMS or bool(PATH.fullmatch(words[0])))


def reads_like_command(text: str) -> bool:
    """Tell whether what may be a command or a sentence begins with a known program."""
    return is_known(text) and not PROSE.search(text) and not text.endswith((".", ":"))
