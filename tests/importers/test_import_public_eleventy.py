"""What Eleventy reads and publishes, and nothing else, is read and public here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.importers.import_model import ImportOutcome, Topic
from tests.factories import plain_post

Blog = Callable[..., Path]
Bring = Callable[..., ImportOutcome]
A = plain_post(date="2020-01-01")
DIR = "module.exports = (config) => {\n  return { dir: %s };\n};\n"
CALL = "export default async function (eleventyConfig) {\n  %s;\n}\n"
YAML_DATA = CALL % 'eleventyConfig.addDataExtension("yml, yaml", (text) => yaml.load(text))'


def public(outcome: ImportOutcome) -> set[str]:
    return {each.source.partition("/")[2] for each in outcome.posts if not each.draft}


def drafts(outcome: ImportOutcome) -> set[str]:
    return {each.source.partition("/")[2] for each in outcome.posts if each.draft}


READ: dict[str, tuple[dict[str, str], set[str]]] = {
    "dir.input": (
        {".eleventy.js": DIR % '{ input: "src", output: "dist" }', "src/b.md": A, "b.md": A, "x/b.md": A},
        {"src/b.md"},
    ),
    "quoted keys": ({".eleventy.js": DIR % "{ 'input': `./src/` }", "src/b.md": A, "b.md": A}, {"src/b.md"}),
    "a folder below": (
        {".eleventy.js": DIR % '{ input: "web/src" }', "web/src/b.md": A, "web/b.md": A},
        {"web/src/b.md"},
    ),
    "a folder with a usual name": ({".eleventy.js": DIR % '{ input: "data" }', "data/b.md": A}, {"data/b.md"}),
    "an exported object": (
        {"eleventy.config.mjs": 'export const config = { dir: { input: "src" } };\n', "src/b.md": A, "b.md": A},
        {"src/b.md"},
    ),
    "setInputDirectory": (
        {"eleventy.config.js": CALL % 'eleventyConfig.setInputDirectory("src")', "src/b.md": A, "b.md": A},
        {"src/b.md"},
    ),
    "a flag": (
        {
            "package.json": '{"devDependencies": {"@11ty/eleventy": "3"}, '
            '"scripts": {"build": "npx @11ty/eleventy --input=src"}}',
            "src/b.md": A,
            "b.md": A,
        },
        {"src/b.md"},
    ),
    "a comment is no setting": (
        {
            ".eleventy.js": '// dir: { input: "src" }\n' + DIR % '{ /* input: "x" */ output: "out" }',
            "b.md": A,
            "out/b.md": A,
        },
        {"b.md"},
    ),
    "folders of its own": (
        {
            ".eleventy.js": DIR % '{ input: "src", includes: "parts", layouts: "skins", data: "facts" }',
            "src/b.md": A,
            "src/parts/b.md": A,
            "src/skins/b.md": A,
            "src/facts/b.md": A,
        },
        {"src/b.md"},
    ),
    "posts of Jekyll's name": (
        {".eleventy.js": "", "_posts/notes.md": A, "_config.yml": "exclude: [_posts]\n"},
        {"_posts/notes.md"},
    ),
    ".eleventyignore": (
        {
            ".eleventy.js": "",
            ".eleventyignore": "# a comment\nsecret.md\n./x\n/y/*.md\nz/**\n",
            "b.md": A,
            "secret.md": A,
            "x/b.md": A,
            "y/b.md": A,
            "z/1/b.md": A,
        },
        {"b.md"},
    ),
    ".eleventyignore of the input": (
        {".eleventy.js": DIR % '{ input: "src" }', "src/.eleventyignore": "x\n", "src/b.md": A, "src/x/b.md": A},
        {"src/b.md"},
    ),
    ".gitignore": (
        {".eleventy.js": "", ".gitignore": "drafts/\n*.x.md\n", "b.md": A, "drafts/b.md": A, "y/b.x.md": A},
        {"b.md"},
    ),
    ".gitignore does not count": (
        {".eleventy.js": CALL % "eleventyConfig.setUseGitIgnore(false)", ".gitignore": "x\n", "x/b.md": A},
        {"x/b.md"},
    ),
    "no exceptions": ({".eleventy.js": "", ".gitignore": "*.md\n!b.md\n", "b.md": A}, set()),
    "ignores.add": (
        {".eleventy.js": CALL % 'eleventyConfig.ignores.add("./x/**")', "b.md": A, "x/b.md": A},
        {"b.md"},
    ),
    "formats": (
        {".eleventy.js": 'module.exports = () => ({ templateFormats: ["njk", "html"] });\n', "b.md": A, "b.html": A},
        {"b.html"},
    ),
    "setTemplateFormats": (
        {".eleventy.js": CALL % 'eleventyConfig.setTemplateFormats("njk,md")', "b.md": A, "b.html": A},
        {"b.md"},
    ),
    "pages without a date": ({".eleventy.js": "", "about.md": plain_post()}, {"about.md"}),
}


@pytest.mark.parametrize(("files", "shown"), READ.values(), ids=READ)
def test_what_eleventy_does_not_read_is_no_source(
    files: dict[str, str], shown: set[str], blog: Blog, bring: Bring
) -> None:
    outcome = bring(blog(files))
    assert (public(outcome), drafts(outcome), outcome.problems) == (shown, set(), ())


FALSE = '{"permalink": false}'
HIDDEN: dict[str, tuple[dict[str, str], set[str]]] = {
    "permalink: false": ({"x/b.md": plain_post(date="2020-01-01", permalink="false")}, {"x/b.md"}),
    "a permalink that may be false": (
        {"x/b.md": plain_post(date="2020-01-01", permalink="'{% if draft %}false{% else %}/b/{% endif %}'")},
        {"x/b.md"},
    ),
    "a folder's data": ({"x/x.json": FALSE, "x/b.md": A, "x/y/b.md": A}, {"x/b.md", "x/y/b.md"}),
    "a folder's other data": (
        {"x/x.11tydata.json": '{"eleventyExcludeFromCollections": true}', "x/b.md": A},
        {"x/b.md"},
    ),
    "a file's data": ({"x/b.11tydata.json": FALSE, "x/b.md": A}, {"x/b.md"}),
    "a file's other data": ({"x/b.json": FALSE, "x/b.md": A}, {"x/b.md"}),
    "plain JavaScript": (
        {"x/x.11tydata.js": "module.exports = { permalink: false, // hide\n };\n", "x/b.md": A},
        {"x/b.md"},
    ),
    "a plain module": (
        {"x/x.11tydata.mjs": "export default {'eleventyExcludeFromCollections': true};\n", "x/b.md": A},
        {"x/b.md"},
    ),
    "a program": ({"x/x.11tydata.js": "module.exports = () => ({ permalink: no });\n", "x/b.md": A}, {"x/b.md"}),
    "a computed value": (
        {"x/x.11tydata.js": "module.exports = { permalink: process.env.X };\n", "x/b.md": A},
        {"x/b.md"},
    ),
    "a spread": ({"x/x.11tydata.cjs": "module.exports = { ...require('y') };\n", "x/b.md": A}, {"x/b.md"}),
    "data that cannot be read": ({"x/x.json": '{"permalink": fal', "x/b.md": A}, {"x/b.md"}),
    "data for the whole site": ({"_data/permalink.json": "false\n", "x/b.md": A}, {"x/b.md", "a.md"}),
    "a program for the whole site": (
        {"_data/eleventyComputed.js": "export default {};\n", "x/b.md": A},
        {"x/b.md", "a.md"},
    ),
    "computed in front matter": (
        {"x/b.md": plain_post(date="2020-01-01", eleventyComputed="{permalink: '{{ x }}'}")},
        {"x/b.md"},
    ),
    "left out of lists": ({"x/b.md": plain_post(date="2020-01-01", eleventyExcludeFromCollections="true")}, {"x/b.md"}),
    "left out of one list": (
        {"x/b.md": plain_post(date="2020-01-01", eleventyExcludeFromCollections="[posts]")},
        {"x/b.md"},
    ),
    "an input that nobody knows": ({".eleventy.js": DIR % "{ input: folder }"}, {"a.md"}),
    "an input by a variable": (
        {".eleventy.js": "const dir = folders();\nmodule.exports = () => ({ dir });\n"},
        {"a.md"},
    ),
    "two inputs": ({".eleventy.js": DIR % '{ input: "." }' + DIR % '{ input: "src" }'}, {"a.md"}),
    "ignores that nobody knows": ({".eleventy.js": CALL % "eleventyConfig.ignores.add(name)"}, {"a.md"}),
    "formats that nobody knows": ({".eleventy.js": CALL % "eleventyConfig.setTemplateFormats(formats)"}, {"a.md"}),
    "a preprocessor": ({".eleventy.js": CALL % 'eleventyConfig.addPreprocessor("x", "*", () => false)'}, {"a.md"}),
    "suffixes of its own": ({".eleventy.js": CALL % 'eleventyConfig.setDataFileSuffixes([".data"])'}, {"a.md"}),
    "a base name of its own": ({".eleventy.js": CALL % 'eleventyConfig.setDataFileBaseName("index")'}, {"a.md"}),
    "data in YAML": ({".eleventy.js": YAML_DATA, "x/x.yaml": "permalink: false\n", "x/b.md": A}, {"x/b.md"}),
    "data in YAML by its full name": (
        {".eleventy.js": YAML_DATA, "x/b.11tydata.yml": "permalink: false\n", "x/b.md": A},
        {"x/b.md"},
    ),
    "data in another format": (
        {".eleventy.js": CALL % 'eleventyConfig.addDataExtension("toml", parse)', "x/x.toml": "a = 1\n", "x/b.md": A},
        {"x/b.md"},
    ),
    "a format that nobody knows": ({".eleventy.js": CALL % "eleventyConfig.addDataExtension(end, parse)"}, {"a.md"}),
    "global data": ({".eleventy.js": CALL % 'eleventyConfig.addGlobalData("permalink", () => false)'}, {"a.md"}),
}


@pytest.mark.parametrize(("files", "hidden"), HIDDEN.values(), ids=HIDDEN)
def test_what_eleventy_may_not_have_published_is_a_draft(
    files: dict[str, str], hidden: set[str], blog: Blog, bring: Bring
) -> None:
    outcome = bring(blog({".eleventy.js": "", "a.md": A, **files}))
    assert drafts(outcome) == hidden
    assert public(outcome) == {"a.md"} - hidden
    assert outcome.problems == ()
    assert [note for note in outcome.notes if note.topic is Topic.HIDDEN]


SHOWN: dict[str, dict[str, str]] = {
    "its own word counts": {"x/x.json": FALSE, "x/b.md": plain_post(date="2020-01-01", permalink="/b/")},
    "the nearer data count": {"x/x.json": FALSE, "x/y/y.json": '{"permalink": "/{{ page.fileSlug }}/"}', "x/y/b.md": A},
    "plain data": {
        "x/x.11tydata.js": 'module.exports = {\n  tags: ["posts"],\n  "layout": "post.njk",\n};\n',
        "x/b.md": A,
    },
    "other data": {"x/x.json": '{"layout": "post"}', "_data/site.js": "export default {};\n", "x/b.md": A},
    "the usual preprocessor": {
        ".eleventy.js": CALL
        % 'eleventyConfig.addPreprocessor("drafts", "*", (data) => data.draft ? false : undefined)',
        "x/b.md": A,
    },
    "other data in YAML": {".eleventy.js": YAML_DATA, "x/x.yaml": "layout: post\n", "x/b.md": A},
    "YAML that is no data": {"x/x.yaml": "permalink: false\n", "x/b.md": A},
    "data of another folder": {"y/y.json": FALSE, "x/b.md": A},
    "a template": {"x/b.md": plain_post(date="2020-01-01", permalink="'/{{ title }}/'")},
}


@pytest.mark.parametrize("files", SHOWN.values(), ids=SHOWN)
def test_what_eleventy_published_is_public(files: dict[str, str], blog: Blog, bring: Bring) -> None:
    outcome = bring(blog({".eleventy.js": "", **files}))
    assert (public(outcome), drafts(outcome)) == ({path for path in files if path.endswith("b.md")}, set())


def test_data_files_that_were_not_evaluated_are_named(blog: Blog, bring: Bring) -> None:
    files = {".eleventy.js": "", "x/x.11tydata.js": "module.exports = f();\n", "x/b.md": A}
    notes = [note for note in bring(blog(files)).notes if note.topic is Topic.HIDDEN]
    assert [(note.path, "x/x.11tydata.js" in note.words) for note in notes] == [("blog/x/b.md", True)]


def test_a_project_is_of_eleventy_s_by_its_own_signs(blog: Blog, bring: Bring) -> None:
    for name, files in {
        "a": {".eleventy.js": ""},
        "b": {"eleventy.config.cjs": ""},
        "c": {"eleventy.config.ts": ""},
        "d": {"package.json": '{"dependencies": {"@11ty/eleventy": "^3.0.0"}}'},
        "e": {"package.json": '{"devDependencies": {"@11ty/eleventy": "2"}}'},
    }.items():
        outcome = bring(blog({**files, "_posts/2020-01-01-a.md": A}, name))
        assert dict(outcome.generators) == {"Eleventy": 1}
