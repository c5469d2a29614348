import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from generator.config.targets.git import GitOptions
from generator.config.targets.options import TargetConfig
from generator.errors import PublishError
from generator.publish.git_command import without_secrets
from generator.publish.publish import Place, PublishOptions, publish_site
from generator.publish.targets.git import open_target
from tests.publish.places import NOW, URL, rollback, site_files, whole

IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")


def git(folder: Path, *args: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *IDENTITY, *args], capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Make a site with a remote, a change in its working folder, and one that is staged."""
    git(tmp_path, "init", "-q", "--bare", "server.git")
    root = tmp_path / "site"
    root.mkdir()
    (root / "site.toml").write_text(f'title = "Letters"\nurl = "{URL}"\n')
    git(root, "init", "-q", "-b", "main")
    git(root, "remote", "add", "origin", "../server.git")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Start")
    (root / "staged.txt").write_text("x")
    git(root, "add", "staged.txt")
    (root / "site.toml").write_text((root / "site.toml").read_text() + "# changed\n")
    return root


def place(root: Path, *, folder: str = "", history: bool = True) -> Place:
    options = GitOptions(repository="origin", folder=folder, history=history)
    return Place(open_target(options, root), URL, TargetConfig(type="git", name="pages", options=options))


def publish(at: Place, site: dict[str, str], options: PublishOptions | None = None) -> None:
    asyncio.run(publish_site(at, site_files(site), options or PublishOptions(), NOW, lambda *_: None))


def published(root: Path) -> dict[str, str]:
    server = root.parent / "server.git"
    paths = git(server, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    return {path: git(server, "show", f"gh-pages:{path}") for path in paths if not path.startswith(".openletter/")}


def commits(root: Path) -> list[str]:
    return git(root.parent / "server.git", "log", "--format=%s", "gh-pages").splitlines()


def test_a_branch_gets_one_commit_for_each_publication_and_the_working_folder_is_not_touched(site: Path) -> None:
    before = git(site, "status", "--porcelain", "--branch")
    publish(place(site), {"a/index.html": "a", "b": "a file"})
    publish(place(site), {"a/index.html": "A", "b/index.html": "a folder"})
    publish(place(site), {"a/index.html": "A", "b/index.html": "a folder"})
    assert published(site) == whole({"a/index.html": "A", "b/index.html": "a folder"})
    assert commits(site) == ["Publish the site: 1 added, 1 changed, 1 deleted", "Publish the site: 4 added"]
    rollback(place(site))
    assert published(site) == whole({"a/index.html": "a", "b": "a file"})
    assert git(site, "status", "--porcelain", "--branch") == before
    assert git(site, "branch", "--list").split() == ["*", "main"]


def test_without_history_the_branch_has_one_commit(site: Path) -> None:
    for text in "abc":
        publish(place(site, history=False), {"a/index.html": text})
    assert len(commits(site)) == 1
    assert published(site)["a/index.html"] == "c"


def test_a_folder_of_a_branch_leaves_the_rest_alone(site: Path) -> None:
    git(site, "push", "-q", "origin", "HEAD:refs/heads/gh-pages")
    publish(place(site, folder="docs"), {"a/index.html": "a"})
    assert set(published(site)) >= {"site.toml", "docs/a/index.html", "docs/index.html"}
    with pytest.raises(PublishError, match="publish-foreign"):
        publish(place(site), {"a/index.html": "a"})


def test_the_second_of_two_publishers_is_refused(site: Path) -> None:
    async def use() -> None:
        late = place(site)
        await late.target.read("index.html")
        async with asyncio.timeout(60):
            await publish_site(place(site), site_files({"a/index.html": "first"}), PublishOptions(), NOW, _quiet)
        with pytest.raises(PublishError, match="Somebody else has published"):
            await publish_site(late, site_files({"a/index.html": "late"}), PublishOptions(), NOW, _quiet)

    asyncio.run(use())
    assert published(site)["a/index.html"] == "first"
    publish(place(site), {"a/index.html": "late"})
    assert published(site)["a/index.html"] == "late"


def _quiet(_stage: str, _done: int, _total: int) -> None:
    pass


def test_the_title_of_the_site_signs_where_git_knows_nobody(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "EMAIL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    publish(place(site), {"a/index.html": "a"})
    assert git(site.parent / "server.git", "log", "--format=%an %ae", "gh-pages").strip() == (
        "Letters no-reply@letters.example.org"
    )


def test_publishing_from_a_hook_uses_its_own_index(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", str(site / ".git/index"))
    monkeypatch.setenv("GIT_DIR", str(site / ".git"))
    publish(place(site), {"a/index.html": "a"})
    monkeypatch.undo()
    assert git(site, "diff", "--cached", "--name-only").split() == ["staged.txt"]


def test_a_site_without_a_repository_can_be_published(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "server.git")
    root = tmp_path / "plain"
    root.mkdir()
    (root / "site.toml").write_text(f'title = "Letters"\nurl = "{URL}"\n')
    options = GitOptions(repository="../server.git")
    publish(Place(open_target(options, root), URL, TargetConfig(type="git", options=options)), {"a/index.html": "a"})
    assert published(root) == whole({"a/index.html": "a"})


def test_a_remote_that_the_repository_lacks_is_named_with_the_command_that_adds_it(site: Path) -> None:
    git(site, "remote", "remove", "origin")
    with pytest.raises(PublishError, match="Run: git remote add origin ADDRESS"):
        publish(place(site), {"a/index.html": "a"})


def test_a_repository_that_is_not_there_is_explained_without_its_password(site: Path) -> None:
    git(site, "remote", "set-url", "origin", "https://sam:geheim@localhost:1/x.git")
    with pytest.raises(PublishError, match="target-unreachable") as caught:
        publish(place(site), {})
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("fatal: https://u:p@h/x", "fatal: https://h/x"),
        ("https://token@h/x", "https://h/x"),
        ("ssh://git@h:22/x and http://a:b@c", "ssh://h:22/x and http://c"),
        ("https://h/x@y", "https://h/x@y"),
        ("mail a@b.example", "mail a@b.example"),
    ],
)
def test_secrets_in_addresses_are_removed(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
