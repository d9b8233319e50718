"""What runs in a machine's container before its systemd, and again when it reboots.

The container's own first process stays outside of the machine: it keeps the network and
the control groups while systemd, in namespaces below, comes and goes.
"""

# What labrun shares with the container: the files for /etc and NOTIFY_SOCKET.
SHARED = "/dev/labrun"

# $1 is ENTER, $2 is BOOT. Docker mounts its own files over three of /etc, and control
# groups read-only. The machine gets a group below the container's, where the limits are:
# out of its reach. Version 1 starts a group without processors unless it is a clone. A
# machine that wants to reboot ends by SIGHUP: reboot(2).
KEEP = f"""
echo; read -r go || exit
exec </dev/null
umount /etc/hosts /etc/hostname /etc/resolv.conf
cp {SHARED}/etc/* /etc
export groups=/sys/fs/cgroup
[ -e $groups/cgroup.procs ] || groups=$(echo /sys/fs/cgroup/*)
for group in $groups; do
  mount -o remount,bind,rw "$group"
  [ ! -e "$group/cgroup.clone_children" ] || echo 1 >"$group/cgroup.clone_children"
  mkdir "$group/keeper" "$group/machine"
  echo 0 >"$group/keeper/cgroup.procs"
  for each in $(cat "$group/cgroup.controllers" 2>&-); do
    echo "+$each" >"$group/cgroup.subtree_control"
  done
done
while unshare --mount --pid --fork --kill-child sh -euc "$1" enter "$2"; [ $? -eq 129 ]
do :; done
"""

# In namespaces of its own for mounts and processes, and now for control groups.
ENTER = """
for group in $groups; do echo 0 >"$group/machine/cgroup.procs"; done
exec unshare --cgroup sh -euc "$1"
"""

# Of version 1 there are several hierarchies, in a folder together. What Docker has
# read-only in /proc is read-only in this one, but for the machine's own network.
BOOT = f"""
[ "$groups" = /sys/fs/cgroup ] || mount -t tmpfs -o mode=755 tmpfs /mnt
for group in $groups; do
  mkdir -p "/mnt${{group#/sys/fs/cgroup}}"
  mount --bind "$group/machine" "/mnt${{group#/sys/fs/cgroup}}"
done
umount -R /sys/fs/cgroup
mount --move /mnt /sys/fs/cgroup
umount -R /proc
mount -t proc proc /proc
mount --bind /proc/sys/net /mnt
for path in bus fs irq sys sysrq-trigger; do
  [ ! -e /proc/$path ] || mount --bind -o ro /proc/$path /proc/$path
done
mount --move /mnt /proc/sys/net
exec env -i container=docker NOTIFY_SOCKET={SHARED}/notify /sbin/init
"""
