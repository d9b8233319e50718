from checks.containerd.namespace import Namespace
from checks.matchers import equals, parse
from checks.verdict import Status


def test_a_namespace_that_is_listed_exists(containerd):
    containerd.namespaces["staging"] = {"team": "web"}

    verdict = Namespace("staging").run(containerd.machine)

    assert verdict.status is Status.PASSED
    assert tuple(verdict.facts) == Namespace.FACTS
    assert verdict.facts == {"name": "staging", "labels": {"team": "web"}}


def test_a_missing_namespace_comes_with_those_there_are(containerd):
    containerd.namespaces["k8s.io"] = {}

    verdict = Namespace("staging").run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.summary == (
        "There is no namespace `staging`, only `default`, `k8s.io`"
    )
    assert verdict.hint == "ctr namespaces create staging"


def test_a_namespace_whose_name_only_begins_alike_is_another(containerd):
    containerd.namespaces["staging-2"] = {}

    verdict = Namespace("staging").run(containerd.machine)

    assert verdict.status is Status.FAILED


def test_a_containerd_without_namespaces_says_so(containerd):
    containerd.namespaces.clear()

    verdict = Namespace("default").run(containerd.machine)

    assert verdict.summary == "There is no namespace `default`, nor any other namespace"


def test_only_a_few_of_many_namespaces_are_named(containerd):
    containerd.namespaces.update({f"n{number:02}": {} for number in range(20)})

    verdict = Namespace("staging").run(containerd.machine)

    assert verdict.summary.endswith("`n02`, `n03` and 16 more")


def test_a_label_that_differs_is_named(containerd):
    containerd.namespaces["staging"] = {"team": "api"}

    verdict = Namespace("staging", labels={"team": equals("web")}).run(
        containerd.machine
    )

    assert verdict.status is Status.FAILED
    assert verdict.summary == "Namespace `staging` has label `team` `api`"
    assert (verdict.expected, verdict.actual) == ("label `team` web", "api")


def test_a_label_that_is_not_there_is_named(containerd):
    containerd.namespaces["staging"] = {}

    verdict = Namespace("staging", labels={"team": equals("web")}).run(
        containerd.machine
    )

    assert verdict.summary == "Namespace `staging` has no label `team`"


def test_a_label_that_is_not_there_is_unlike_nothing(containerd):
    containerd.namespaces["staging"] = {}
    unlike = {"team": parse({"not": "api"})}

    verdict = Namespace("staging", labels=unlike).run(containerd.machine)

    assert verdict.status is Status.FAILED


def test_an_unwanted_namespace_that_is_not_listed_is_gone(containerd):
    verdict = Namespace("staging", exists=False).run(containerd.machine)

    assert verdict.status is Status.PASSED


def test_an_unwanted_namespace_comes_with_the_command_that_removes_it(containerd):
    containerd.namespaces["staging"] = {}

    verdict = Namespace("staging", exists=False).run(containerd.machine)

    assert verdict.status is Status.FAILED
    assert verdict.hint == "ctr namespaces rm staging"


def test_what_a_hostile_containerd_sends_is_cut_before_it_is_recorded(containerd):
    labels = {f"label{number:03}": "x" * 100_000 for number in range(100)}
    containerd.namespaces["staging"] = labels

    verdict = Namespace("staging").run(containerd.machine)

    assert len(str(verdict.facts)) < 300_000
