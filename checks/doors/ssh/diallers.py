"""Programs of the far side that can dial a unix socket: for what sshd cannot tell or do.

sshd dials as the user and does not say why it could not; each of these says it with the
system's own words, and run by sudo dials as root.
"""

from __future__ import annotations

# Each takes the socket's path. Asked to probe, it only connects.
PERL = r"""
use Socket; $| = 1;
socket(S, PF_UNIX, SOCK_STREAM, 0) && connect(S, pack_sockaddr_un($ARGV[0]))
  or die "dial: $!\n";
exit if $ARGV[1] eq "probe";
sub copy {
  my ($from, $to, $data) = @_;
  while (sysread $from, $data, 65536) {
    for (my $at = 0; $at < length $data;) {
      $at += syswrite($to, $data, length($data) - $at, $at) || return;
    }
  }
}
if (my $sender = fork) { copy(*S, *STDOUT); kill KILL => $sender }
else { close STDOUT; copy(*STDIN, *S); shutdown S, 1 }
"""
PYTHON = r"""
import os, socket, sys, threading
s = socket.socket(socket.AF_UNIX)
try:
    s.connect(sys.argv[1])
except OSError as error:
    sys.exit("dial: " + os.strerror(error.errno))
if sys.argv[2] == "probe":
    sys.exit()
def send():
    while data := os.read(0, 65536):
        s.sendall(data)
    s.shutdown(socket.SHUT_WR)
threading.Thread(target=send, daemon=True).start()
while data := s.recv(65536):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
"""
SOCAT = r"""
path=$(printf %s "$1" | sed 's/[^A-Za-z0-9_./-]/\\&/g')
case $2 in
  probe) exec socat -u OPEN:/dev/null "UNIX-CONNECT:$path" ;;
  *) exec socat - "UNIX-CONNECT:$path" ;;
esac
"""
# The first that is there is taken. Perl is part of every Debian and Ubuntu.
PROGRAMS = {
    "perl": ("perl", "-e", PERL),
    "python3": ("python3", "-c", PYTHON),
    "socat": ("sh", "-c", SOCAT, "sh"),
}
