"""What the golden files do not say: what changes a lab and what does not."""

from pathlib import Path

import pytest

from lab_runner.errors import LabBroken
from lab_runner.formats import native

SEEDS = (b"one learner", b"another learner")


@pytest.fixture
def read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def reading(text, seed=SEEDS[0]):
        Path("labs/my-lab").mkdir(parents=True, exist_ok=True)
        Path("labs/my-lab/lab.md").write_text(text)
        return native.read(Path("labs/my-lab"), seed).lab

    return reading


def lab(*entries, above=""):
    """Return the text of a lab of one step with these checks."""
    checks = "\n".join(f"- {entry}" for entry in entries)
    return f"# A lab\n\n{above}## A step\n\n```yaml check\n{checks}\n```\n"


def variable(text):
    return "---\nvars: {web: {token: 6}}\n---\n" + text


def tasks(read_lab):
    return read_lab.steps[0].tasks


def test_a_fault_names_file_line_and_column(read):
    with pytest.raises(LabBroken) as broken:
        read(lab("package: runc\n  vresion: 1"))

    assert str(broken.value) == (
        "labs/my-lab/lab.md:7:3: error: unknown key `vresion` for `package`,"
        " did you mean `version`? `package` knows package, version, exists."
    )


def test_a_variable_moves_no_fault(read):
    plain = lab("task: web-1234567890\n  staus: x", above="1234567890\n\n")
    referring = variable(plain.replace("1234567890", "{{   web }}"))
    places = []
    for text in (plain, referring):
        with pytest.raises(LabBroken) as broken:
            read(text)
        places += [problem.source for problem in broken.value.problems]

    assert (places[0].line + 3, places[0].column) == (places[1].line, places[1].column)


def test_learners_differ_in_values_and_share_their_ids(read):
    text = variable(
        "# A lab\n\n## Run {{ web }}\n\n```yaml check\n- task: {{web}}\n```\n"
    )
    one, another = (read(text, seed) for seed in SEEDS)

    assert tasks(one)[0].spec != tasks(another)[0].spec
    assert tasks(one)[0].title != tasks(another)[0].title
    assert tasks(one)[0].id == tasks(another)[0].id == "run-web/task-web"
    assert one.steps[0].title == f"Run {one.vars['web']}"


def test_a_value_cannot_change_the_structure_of_the_file(read):
    text = '---\nvars: {web: "x\\": ]}, # ``` ## {{ web }}"}\n---\n' + lab(
        "task: {{ web }}\n  exists: false"
    )
    read_lab = read(text)

    assert tasks(read_lab)[0].spec["task"] == 'x": ]}, # ``` ## {{ web }}'


def test_an_id_stays_when_other_tasks_come_and_go(read):
    before = tasks(read(lab("package: runc", "command: ctr", "service: ssh")))
    after = tasks(read(lab("service: ssh", "file: /etc/motd", "package: runc")))

    assert {t.id for t in before} & {t.id for t in after} == {
        "a-step/package-runc",
        "a-step/service-ssh",
    }


@pytest.mark.parametrize(
    ("changed", "decides"),
    [
        ("package: runc\n  version: 2", True),
        ("package: runc\n  mode: hold", True),
        ("package: crun", True),
        ("package: runc\n  name: A name", False),
        ("package: runc\n  within: 5s\n  timeout: 5s", False),
        ("package: runc\n  hint: Look.\n  points: 5\n  hidden: true", False),
    ],
)
def test_a_digest_changes_with_what_decides_the_verdict(read, changed, decides):
    (before,) = tasks(read(lab("package: runc")))
    (after,) = tasks(read(lab(changed)))

    assert (before.digest != after.digest) is decides


def test_the_order_of_keys_decides_nothing(read):
    one = read(lab("image: a\n  namespace: b\n  digest: c"))
    other = read(lab("image: a\n  digest: c\n  namespace: b"))

    assert tasks(one)[0].digest == tasks(other)[0].digest


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("5", 5), ("5s", 5), ("1.5s", 1.5), ("2m", 120), ("500ms", 0.5), ("2 s", 2)],
)
def test_durations_are_seconds(read, written, seconds):
    (task,) = tasks(read(lab(f"package: runc\n  within: {written}")))

    assert task.within == seconds


@pytest.mark.parametrize(
    ("mode", "of_the_task", "of_the_file"),
    [
        ("hold", "hold", None),
        ("0644", "latch", "0644"),
        ("{not: 0644}", "latch", {"not": "0644"}),
    ],
)
def test_the_mode_of_a_file_is_told_from_that_of_its_task(
    read, mode, of_the_task, of_the_file
):
    (task,) = tasks(read(lab(f"file: /etc/motd\n  mode: {mode}")))

    assert (task.mode, task.spec.get("mode")) == (of_the_task, of_the_file)


def test_scalars_stay_text_as_they_were_written(read):
    (task,) = tasks(read(lab("file: /f\n  mode: 0644\n  owner: no\n  group: 1e3")))

    assert task.spec == {"file": "/f", "mode": "0644", "owner": "no", "group": "1e3"}


@pytest.mark.parametrize(
    "info",
    [
        'bash {title="x"}',
        "bash title=x",
        "bash {.line-numbers}",
        "bash {1,3-5}",
        "bash copy terminal",
        "yaml title=config.yaml",
        "bash:script.sh",
        "python3",
        "",
    ],
)
def test_what_other_systems_write_behind_a_language_is_no_fault(read, info):
    assert read(f"# T\n\n## S\n\n```{info}\nls\n```\n").steps[0].tasks == ()


def test_all_faults_come_at_once_and_in_file_order(read):
    text = (Path(__file__).parents[2] / "golden/broken/many_at_once.md").read_text()
    with pytest.raises(LabBroken) as broken:
        read(text)

    lines = [problem.source.line for problem in broken.value.problems]
    assert len(lines) == 9
    assert lines == sorted(lines)


def test_a_hint_keeps_its_commands_to_itself(read):
    fence = "```bash\nls\n```"
    text = f"# T\n\n## S\n\n<details><summary>Hint</summary>\n\n{fence}\n\n</details>\n"
    (step,) = read(text).steps

    assert (step.commands, step.hints, step.body) == ((), (fence,), "")


def test_links_defined_elsewhere_lead_on(read):
    text = "# T\n\n## S\n\nSee [the docs] and [x].\n\n## U\n\n[The  Docs]: https://d.example\n"
    step, other = read(text).steps

    assert step.body.endswith("[x].\n\n[the docs]: <https://d.example>")
    assert other.body == "[The  Docs]: https://d.example"
