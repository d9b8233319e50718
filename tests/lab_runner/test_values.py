import pytest

from lab_runner.values import is_same, why_not

DIGEST = "sha256:" + "0123456789abcdef" * 4
DEBIAN = "1.6.20~ds1-1+deb12u3"

SAME = [
    # booleans
    ("yes", True),
    ("TRUE", True),
    ("n", False),
    ("off", "no"),
    # numbers and PIDs
    (" `1234` ", 1234),
    ("1,024", 1024),
    ("1 024", 1024),
    ("1_048_576", 1048576),
    ("0x10", 16),
    ("0X1f", "31"),
    ("42.0", 42),
    ("42", "42.0e0"),
    ("0644", "644"),
    ("0.5", 0.5),
    # sizes
    ("1 GiB", 1073741824),
    ("1GiB", "1024 MiB"),
    ("1.5 KiB", 1536),
    ("1 GB", 10**9),
    ("2k", 2048),
    ("6 bytes", 6),
    ("1,024 MiB", 2**30),
    # versions
    (DEBIAN, DEBIAN),
    ("1.6.20", DEBIAN),
    ("v1.6.20", DEBIAN),
    ("1.6.20~ds1", DEBIAN),
    ("24.0.5", "24.0.5-0ubuntu1~22.04.1"),
    ("20.10.24", "5:20.10.24+dfsg1-1+b3"),
    ("20.10.24+dfsg1-1+b3", "5:20.10.24+dfsg1-1+b3"),
    ("5:24.0.7-1~debian.12~bookworm", "5:24.0.7-1~debian.12~bookworm"),
    ("1.28.5", "v1.28.5+k3s1"),
    ("V1.28.5+K3s1", "v1.28.5+k3s1"),
    ("1.7.0-rc.1", "v1.7.0-rc.1"),
    # digests
    (DIGEST, DIGEST),
    (DIGEST.upper(), DIGEST),
    (DIGEST.removeprefix("sha256:"), DIGEST),
    ("0123456789ab", DIGEST),
    ("sha256:0123456789abc", DIGEST),
    (DIGEST, DIGEST.removeprefix("sha256:")),
    # addresses
    ("172.17.0.1", "172.17.0.1/16"),
    ("172.17.0.1/16", "172.17.0.1"),
    ("172.17.0.1/255.255.0.0", "172.17.0.1/16"),
    ("0:0:0:0:0:0:0:1", "::1"),
    ("[2001:DB8::0007]", "2001:db8::7"),
    ("10.88.0.0/16", "10.88.0.0/16"),
    # paths
    ("/etc/containerd/", "/etc/containerd"),
    ("'/etc//containerd/.'", "/etc/containerd"),
    ("/", "/"),
    # texts, lists
    ("  Running ", "running"),
    ("overlayfs", ["native", "overlayfs"]),
]

DIFFERENT = [
    ("", ""),
    ("", None),
    ("no", True),
    ("1", True),
    ("12345", 1234),
    ("1,02", 102),
    ("10,24", 1024),
    ("nan", "nan1"),
    ("1 GB", 2**30),
    ("1 GiB", 10**9),
    ("1.6", DEBIAN),
    ("1.6.2", DEBIAN),
    ("1.6.20~ds2", DEBIAN),
    ("1.6.20-1", DEBIAN),
    ("1.6.20-rc.1", DEBIAN),
    ("1.6.200", DEBIAN),
    ("1.1", "1.10"),
    ("1.10", "1.1"),
    ("1.6", "1.6.0"),
    ("1.7.0", "1.7.0-rc.1"),
    ("1.0.0", "1.0.0~rc93"),
    ("0123456789a", DIGEST),
    ("123456789abc", DIGEST),
    ("sha512:0123456789ab", DIGEST),
    (DIGEST + "0", DIGEST),
    ("0123456789ac", DIGEST),
    ("172.17.0.1/24", "172.17.0.1/16"),
    ("172.17.0.10", "172.17.0.1"),
    ("172.17.0.1:80", "172.17.0.1"),
    ("::ffff:172.17.0.1", "172.17.0.1"),
    ("172.17.0", "172.17.0.0"),
    ("/etc/Containerd", "/etc/containerd"),
    ("etc/containerd", "/etc/containerd"),
    ("/etc/containerd/..", "/etc"),
    ("run", "running"),
    ("runnning", "running"),
    ("9" * 5000, 9),
    ("1e99999999", 1),
    ("overlay", ["native", "overlayfs"]),
    ("anything", []),
]


@pytest.mark.parametrize(("given", "right"), SAME)
def test_the_same_value_is_the_same_answer(given, right):
    assert is_same(given, right)


@pytest.mark.parametrize(("given", "right"), DIFFERENT)
def test_another_value_is_no_answer_however_similar(given, right):
    assert not is_same(given, right)


@pytest.mark.parametrize(
    ("given", "right", "sentence"),
    [
        ("many", 1234, "The answer is a number."),
        ("99", 1234, "That is a number, but not the one that is asked for."),
        ("new", DEBIAN, "The answer is a version in full, such as 1.2.3."),
        ("0123", DIGEST, "a digest: all of its digits, or at least the first 12."),
        ("lo", "127.0.0.1", "The answer is an address, such as"),
        ("maybe", True, "The answer is yes or no."),
        ("etc", "/etc", "The answer is a path that begins with /."),
        ("no", True, "Look at the machine once more."),
        ("foo", "overlayfs", "A name counts only when it is written out in full."),
        ("foo", ["native", "overlayfs"], "A name counts only"),
    ],
)
def test_a_wrong_answer_is_told_its_form_and_nothing_of_its_value(
    given, right, sentence
):
    told = why_not(given, right)

    assert sentence in told
    assert str(right) not in told
