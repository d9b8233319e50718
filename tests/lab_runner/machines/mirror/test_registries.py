import pytest

from lab_runner.machines.mirror.registries import address


@pytest.mark.parametrize(
    ("chosen", "hub", "quay"),
    [
        ("", "https://registry-1.docker.io", "https://quay.io"),
        ("http://cache:5000/", "http://cache:5000", "https://quay.io"),
        ("quay.io=http://cache", "https://registry-1.docker.io", "http://cache"),
        ("quay.io=http://b, docker.io=http://a", "http://a", "http://b"),
    ],
)
def test_images_come_from_where_the_user_says(monkeypatch, chosen, hub, quay):
    monkeypatch.setenv("LABRUN_REGISTRY_UPSTREAM", chosen)

    assert (address("docker.io"), address("quay.io")) == (hub, quay)
