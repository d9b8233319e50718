import re

import pytest

from checks.doors.ssh.address import Address, parse


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("ssh://host", Address("host")),
        ("ssh://me@host", Address("host", "me")),
        ("ssh://me@host:2222", Address("host", "me", 2222)),
        ("ssh://me@host:2222/", Address("host", "me", 2222)),
        ("ssh://[2001:db8::1]", Address("2001:db8::1")),
        ("ssh://me@[fe80::1%eth0]:22", Address("fe80::1%eth0", "me", 22)),
        ("ssh://the-alias.of_mine", Address("the-alias.of_mine")),
        ("ssh://me@host?sudo=no", Address("host", "me", sudo=False)),
        ("ssh://me@host:22/?sudo=yes", Address("host", "me", 22)),
    ],
)
def test_a_url_says_where_a_server_is(url, address):
    assert parse(url) == address


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ssh://", "`` is no host's name"),
        ("ssh://me@", "`` is no host's name"),
        ("ssh://-oProxyCommand=id", "is no host's name"),
        ("ssh://-evil", "`-evil` is no host's name"),
        ("ssh://-l@host", "`-l` is no user's name"),
        ("ssh://me:secret@host", "`me` is no user's name: keys and ssh's own question"),
        ("ssh://ho st", "`ho st` is no host's name"),
        ("ssh://host\n", "is no host's name"),
        ("ssh://$(id)", "is no host's name"),
        ("ssh://h`id`", "is no host's name"),
        ("ssh://[host]", "`host` is no host's name"),
        ("ssh://[::1", "is not the address of a server"),
        ("ssh://host:", "`` is no port"),
        ("ssh://host:ssh", "`ssh` is no port"),
        ("ssh://host:0", "`0` is no port"),
        ("ssh://host:65536", "`65536` is no port"),
        ("ssh://host:٢٢", "is no port"),
        ("ssh://host/path", "is not the address of a server"),
        ("ssh://host?sudo=maybe", "`?sudo=maybe` means nothing"),
        ("http://host", "is not the address of a server"),
    ],
)
def test_what_is_no_address_is_told_in_one_sentence(url, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        parse(url)


def test_a_secret_in_a_url_is_not_repeated():
    with pytest.raises(ValueError, match="no user's name") as caught:
        parse("ssh://me:secret@host")

    assert "secret" not in str(caught.value)


def test_a_server_is_named_as_a_person_types_it():
    address = parse("ssh://me@host:2222")

    assert address.command == "ssh -p 2222 me@host"
    assert address.known_as == "[host]:2222"
    assert parse("ssh://host").command == "ssh host"
