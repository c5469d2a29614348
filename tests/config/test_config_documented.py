import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from generator import config
from generator.config import load_config
from generator.config.providers import (
    discourse,
    disqus,
    giscus,
    isso,
    link,
    mailto,
    mastodon,
    remark42,
    utterances,
    webmention,
)
from generator.config.targets import azure, folder, gcs, git, rsync, s3, sftp, webdav
from generator.config.targets.options import TargetConfig
from generator.text.toml_settings import parse_settings
from generator.text.typed_rules import plain_setting

DOCUMENT = Path(__file__).parents[2] / "docs/configuration.md"
PROVIDED: dict[str, Any] = {
    "Comments by link": link.DiscussionLink,
    "Comments by mailto": mailto.Mailto,
    "Comments by giscus": giscus.Giscus,
    "Comments by utterances": utterances.Utterances,
    "Comments by Isso": isso.Isso,
    "Comments by Remark42": remark42.Remark42,
    "Comments by Disqus": disqus.Disqus,
    "Comments by Discourse": discourse.Discourse,
    "Comments by Mastodon": mastodon.Mastodon,
    "Comments by Webmention": webmention.Webmention,
    "Publish to a folder": folder.FolderOptions,
    "Publish to Git": git.GitOptions,
    "Publish to S3": s3.S3Options,
    "Publish to Azure": azure.AzureOptions,
    "Publish to Google Cloud Storage": gcs.GcsOptions,
    "Publish over SFTP": sftp.SftpOptions,
    "Publish with rsync": rsync.RsyncOptions,
    "Publish over WebDAV": webdav.WebdavOptions,
}
SECTIONS: dict[str, Any] = {
    "The site": config.Config,
    "The menu": config.NavItem,
    "Authors": config.AuthorConfig,
    "Tags": config.TagConfig,
    "Series": config.SeriesConfig,
    "Addresses": config.Permalinks,
    "Markdown": config.MarkupConfig,
    "Pages, feeds and lists": config.OutputConfig,
    "Pictures": config.ImagesConfig,
    "Films on other hosts": config.EmbedsConfig,
    "Comments: ": config.CommentsConfig,
    "Search": config.SearchConfig,
    "The newsletter": config.NewsletterConfig,
    "The mail server": config.SmtpConfig,
    "Signed mails": config.DkimConfig,
    "How readers reach you": config.ContactConfig,
    "Extensions": config.ExtensionsConfig,
    "Languages": config.LanguageConfig,
    "Removed addresses": config.GoneConfig,
    "Publishing": TargetConfig,
}
TABLES = {
    config.Config: {*config.SECTIONS, "theme_options", "folder", "main_language"} - {"theme"},
    config.LanguageConfig: {"nav", "authors", "tags", "series", "newsletter"},
    config.Permalinks: {"languages"},
    config.CommentsConfig: {"service"},
    config.NewsletterConfig: {"smtp", "dkim"},
    TargetConfig: {"name", "options"},
}


def documented(heading: str) -> dict[str, str]:
    """Read a section's table: option → default as written."""
    text = DOCUMENT.read_text(encoding="utf-8")
    section = re.split(rf"^##+ {heading}.*$", text, maxsplit=1, flags=re.M)[1]
    section = re.split(r"^##+ ", section, maxsplit=1, flags=re.M)[0]
    return dict(re.findall(r"^\| `(\w+)` \| `?(.*?)`? \|", section, re.M))


def options(kind: Any) -> Iterator[tuple[str, Any]]:
    """List a class's options with their defaults."""
    for field in fields(kind):
        if field.name not in TABLES.get(kind, set()):
            yield field.name.removesuffix("_"), field.default


@pytest.mark.parametrize("heading", [*SECTIONS, *PROVIDED])
def test_every_option_is_documented_with_its_default(heading: str) -> None:
    told = documented(heading)
    real = dict(options((SECTIONS | PROVIDED)[heading]))
    assert set(told) == set(real)
    for name, default in real.items():
        if isinstance(default, bool | int | tuple) or (isinstance(default, str) and default):
            values = plain_setting(parse_settings(f"x = {told[name]}", "docs").entries["x"][1])
            assert (tuple(values) if isinstance(values, list) else values) == default, name
        else:
            assert told[name] in ("required", "none", "the id", "as most posts write it")


def test_every_example_of_the_document_is_read_without_a_word(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    assert len(examples) > 12
    for example in examples:
        head = "" if example.startswith("title =") else 'title = "x"\nurl = "https://www.example.org/"\n'
        (tmp_path / "site.toml").write_text(head + example, encoding="utf-8")
        assert load_config(tmp_path)[1] == ()


def test_the_complete_example_sets_every_option(tmp_path: Path) -> None:
    example = re.findall(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)[-1]
    for kind in SECTIONS.values():
        for name, _ in options(kind):
            assert re.search(rf"^\[?{name}\b", example, re.M), name


def test_every_option_has_a_docstring() -> None:
    for kind in (*SECTIONS.values(), *PROVIDED.values()):
        files = {inspect.getfile(each) for each in inspect.getmro(kind) if each.__module__.startswith("generator.")}
        source = "".join(Path(file).read_text(encoding="utf-8") for file in files)
        for field in fields(kind):
            assert re.search(rf'^    {field.name}: .*\n    """', source, re.M), (kind, field.name)
