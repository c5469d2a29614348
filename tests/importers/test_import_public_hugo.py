"""What Hugo and Zola read and publish, and nothing else, is read and public here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.importers.import_model import ImportOutcome, Topic
from tests.factories import plain_post

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
A = plain_post(date="2020-01-01")
INDEX = "---\ntitle: S\n"


def public(outcome: ImportOutcome) -> set[str]:
    return {each.source.partition("/")[2] for each in outcome.posts if not each.draft}


def drafts(outcome: ImportOutcome) -> set[str]:
    return {each.source.partition("/")[2] for each in outcome.posts if each.draft}


FOLDERS = {
    "contentDir": {"hugo.toml": 'contentDir = "docs"\n', "docs/a.md": A, "content/x.md": A, "x.md": A},
    "contentDir below a folder": {"hugo.yaml": "contentDir: web/text/\n", "web/text/a.md": A, "web/x.md": A},
    "contentDir with a usual name": {"hugo.json": '{"contentDir": "data"}', "data/a.md": A, "static/x.md": A},
    "usual": {"hugo.toml": "", "content/a.md": A, "notes/x.md": A, "exampleSite/content/x.md": A},
    "folder of settings": {"config/_default/hugo.toml": 'contentDir = "d"\n', "d/a.md": A, "content/x.md": A},
    "settings of production": {
        "hugo.toml": 'contentDir = "d"\n',
        "config/production/hugo.yaml": "contentDir: e\n",
        "e/a.md": A,
        "d/x.md": A,
    },
    "languages": {
        "hugo.yaml": "languages: {en: {contentDir: english}, fr: {contentDir: content/french}}\n",
        "english/a.md": A,
        "content/french/a.md": A,
        "content/x.md": A,
    },
    "one language": {
        "hugo.yaml": "languages: {en: {}, fr: {contentDir: french}}\n",
        "content/a.md": A,
        "french/a.md": A,
        "de/x.md": A,
    },
    "disabled language": {
        "hugo.yaml": "languages: {en: {}, fr: {contentDir: french, disabled: true}}\n",
        "content/a.md": A,
        "french/x.md": A,
        "content/x.fr.md": A,
    },
    "disableLanguages": {"hugo.yaml": "disableLanguages: [fr]\n", "content/a.md": A, "content/x.fr.md": A},
    "mounts": {
        "hugo.toml": '[[module.mounts]]\nsource = "web"\ntarget = "content"\n',
        "web/a.md": A,
        "content/x.md": A,
    },
    "mounts of a section": {
        "hugo.toml": '[[module.mounts]]\nsource = "web"\ntarget = "content/news"\n',
        "web/a.md": A,
        "content/x.md": A,
    },
    "mounts of other things": {
        "hugo.toml": '[[module.mounts]]\nsource = "assets"\ntarget = "assets"\n',
        "content/a.md": A,
        "assets/x.md": A,
    },
    "mounts that exclude": {
        "hugo.toml": '[[module.mounts]]\nsource = "content"\ntarget = "content"\nexcludeFiles = ["x/**", "y.md"]\n',
        "content/a.md": A,
        "content/x/1/b.md": A,
        "content/y.md": A,
    },
    "mounts that include": {
        "hugo.toml": '[[module.mounts]]\nsource = "content"\ntarget = "content"\nincludeFiles = "blog/*.{md,html}"\n',
        "content/blog/a.md": A,
        "content/x.md": A,
        "content/blog/x/b.md": A,
    },
    "mounts with files": {
        "hugo.toml": '[[module.mounts]]\nsource = "content"\ntarget = "content"\nfiles = ["! x.md", "**"]\n',
        "content/a.md": A,
        "content/x.md": A,
    },
    "mounts outside": {"hugo.toml": '[[module.mounts]]\nsource = "../x"\ntarget = "content"\n', "content/x.md": A},
    "ignoreFiles": {
        "hugo.toml": 'ignoreFiles = ["\\\\.x\\\\.md$", "/secret/"]\n',
        "content/a.md": A,
        "content/a.x.md": A,
        "content/secret/x.md": A,
    },
}


@pytest.mark.parametrize("files", FOLDERS.values(), ids=FOLDERS)
def test_what_lies_outside_of_hugo_s_content_is_no_source(files: dict[str, str], blog: Blog, bring: Bring) -> None:
    outcome = bring(blog(files))
    assert public(outcome) == {path for path in files if path.endswith("/a.md")}
    assert (drafts(outcome), outcome.problems) == (set(), ())


HIDDEN = {
    "a cascade of the section": {"content/x/_index.md": f"{INDEX}cascade: {{draft: true}}\n---\n", "content/x/b.md": A},
    "a cascade from far above": {"content/_index.md": f"{INDEX}cascade: {{draft: true}}\n---\n", "content/x/y/b.md": A},
    "a cascade in TOML": {
        "content/x/_index.md": "+++\n[[cascade]]\n[cascade.build]\nrender = 'never'\n+++\n",
        "content/x/b.md": A,
    },
    "a cascade of the settings": {"hugo.yaml": "cascade: {build: {list: never}}\n", "content/x/b.md": A},
    "a cascade for a path": {
        "hugo.yaml": "cascade: [{target: {path: '/x/**'}, draft: true}]\n",
        "content/x/b.md": A,
    },
    "an old cascade for a path": {
        "hugo.yaml": "cascade: [{_target: {path: '/{x,y}/**'}, _build: {render: false}}]\n",
        "content/x/b.md": A,
    },
    "an index that cannot be read": {"content/x/_index.md": "---\na: [\n---\n", "content/x/b.md": A},
    "render: never": {"content/b.md": plain_post(date="2020-01-01", build="{render: never}")},
    "list: never": {"content/b.md": plain_post(date="2020-01-01", build="{list: never}")},
    "list: local": {"content/b.md": plain_post(date="2020-01-01", _build="{list: local}")},
    "render: link": {"content/b.md": plain_post(date="2020-01-01", build="{render: link}")},
    "headless": {"content/b/index.md": plain_post(date="2020-01-01", headless="true")},
    "an end that is past": {"content/b.md": plain_post(date="2020-01-01", expiryDate="2021-01-01")},
    "an end by another name": {"content/b.md": plain_post(date="2020-01-01", unpublishdate="2021-01-01")},
    "a day to come": {"content/b.md": plain_post(date="2020-01-01", publishDate="2999-01-01")},
    "no pages at all": {"hugo.yaml": "disableKinds: [page]\n", "content/b.md": A},
    "a pattern that nobody can evaluate": {"hugo.yaml": "ignoreFiles: ['(a+)+$']\n", "content/b.md": A},
    "settings that cannot be read": {"hugo.yaml": "a: 1\na: 2\n", "content/b.md": A},
}


@pytest.mark.parametrize("files", HIDDEN.values(), ids=HIDDEN)
def test_what_hugo_read_and_did_not_publish_is_a_draft(files: dict[str, str], blog: Blog, bring: Bring) -> None:
    outcome = bring(blog({"hugo.yaml": "title: x\n", **files}))
    assert public(outcome) == set()
    assert {path for path in files if path.endswith(("/b.md", "/b/index.md"))} == drafts(outcome)
    assert {problem.path for problem in outcome.problems} <= {"blog/content/x/_index.md"}
    assert [note for note in outcome.notes if note.topic is Topic.HIDDEN]


SHOWN = {
    "its own word counts": {
        "content/_index.md": f"{INDEX}cascade: {{draft: true}}\n---\n",
        "content/b.md": plain_post(date="2020-01-01", draft="false"),
    },
    "another path": {"hugo.yaml": "cascade: [{target: {path: '/x/**'}, draft: true}]\n", "content/y/b.md": A},
    "another environment": {
        "hugo.yaml": "cascade: [{target: {environment: staging}, draft: true}]\n",
        "content/b.md": A,
    },
    "another kind": {"hugo.yaml": "cascade: [{target: {kind: section}, draft: true}]\n", "content/b.md": A},
    "a section that is a draft alone": {"content/x/_index.md": f"{INDEX}draft: true\n---\n", "content/x/b.md": A},
    "another section": {"content/x/_index.md": f"{INDEX}cascade: {{draft: true}}\n---\n", "content/b.md": A},
    "an end to come": {"content/b.md": plain_post(date="2020-01-01", expiryDate="2999-01-01")},
    "render: always": {"content/b.md": plain_post(date="2020-01-01", build="{render: always, list: always}")},
}


@pytest.mark.parametrize("files", SHOWN.values(), ids=SHOWN)
def test_what_hugo_published_is_public(files: dict[str, str], blog: Blog, bring: Bring) -> None:
    outcome = bring(blog({"hugo.yaml": "title: x\n", **files}))
    assert public(outcome) == {path for path in files if path.endswith("/b.md")}


def test_content_elsewhere_has_the_addresses_of_content(blog: Blog, bring: Bring) -> None:
    settings = "contentDir: docs\nlanguages: {en: {}, fr: {contentDir: french}}\npermalinks: {news: '/:year/:slug/'}\n"
    files = {
        "hugo.yaml": settings,
        "docs/news/a.md": A,
        "docs/b.md": A,
        "french/news/c.md": plain_post("C", date="2020-01-01"),
    }
    assert {each.source.partition("/")[2]: each.old for each in bring(blog(files)).posts} == {
        "docs/news/a.md": ("/2020/a/",),
        "docs/b.md": ("/b/",),
        "french/news/c.md": ("/fr/2020/c/",),
    }


ZOLA = 'base_url = "https://old.example.org"\n'
Z = '+++\ntitle = "A"\ndate = 2020-01-01\n+++\nText\n'
ZOLA_FILES = {
    "outside": ({"x.md": Z, "drafts/x.md": Z, "templates/x.md": Z}, set()),
    "another format": ({"content/x.html": A}, set()),
    "ignored": ({"config.toml": f'{ZOLA}ignored_content = ["*.{{x,y}}.md"]\n', "content/b.y.md": Z}, set()),
    "ignored folder": ({"config.toml": f'{ZOLA}ignored_content = ["**/x/**"]\n', "content/x/b.md": Z}, set()),
    "ignored from the root": ({"config.toml": f'{ZOLA}ignored_content = ["x/*"]\n', "content/x/y/b.md": Z}, set()),
    "draft section": ({"content/x/_index.md": "+++\ndraft = true\n+++\n", "content/x/b.md": Z}, {"content/x/b.md"}),
    "below a draft section": (
        {
            "content/x/_index.md": "+++\ndraft = true\n+++\n",
            "content/x/y/_index.md": "+++\n+++\n",
            "content/x/y/b.md": Z,
        },
        {"content/x/y/b.md"},
    ),
    "draft section in a language": (
        {"content/x/_index.fr.md": "+++\ndraft = true\n+++\n", "content/x/b.md": Z},
        {"content/x/b.md"},
    ),
    "section that cannot be read": (
        {"content/x/_index.md": "+++\na = \n+++\n", "content/x/b.md": Z},
        {"content/x/b.md"},
    ),
    "draft": ({"content/b.md": Z.replace("+++\nText", "draft = true\n+++\nText")}, {"content/b.md"}),
    "not rendered": ({"content/b.md": Z.replace("+++\nText", "render = false\n+++\nText")}, {"content/b.md"}),
}


@pytest.mark.parametrize(("files", "hidden"), ZOLA_FILES.values(), ids=ZOLA_FILES)
def test_zola_s_rules(files: dict[str, str], hidden: set[str], blog: Blog, bring: Bring) -> None:
    outcome = bring(
        blog(
            {
                "config.toml": ZOLA,
                "content/blog/_index.md": "+++\nrender = false\n+++\n",
                "content/blog/a.md": Z,
                **files,
            }
        )
    )
    assert (public(outcome), drafts(outcome)) == ({"content/blog/a.md"}, hidden)
