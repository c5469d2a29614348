"""The tags of mail services: what each replaces with its links and the postal address.

Source: the services' own help: Mailchimp "All the merge tags cheat sheet"
(https://mailchimp.com/help/all-the-merge-tags-cheat-sheet/), Campaign Monitor "Unsubscribe links in emails"
(https://help.campaignmonitor.com/articles/Knowledge/unsubscribe-links-in-emails), Brevo "Placeholders", Mailgun
"Tracking unsubscribes", listmonk "Templating" (https://listmonk.app/docs/templating/), Buttondown "Template variables"
(by way of https://docs.buttondown.com/using-templating), GOV.UK Notify "Personalisation".
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from html import escape

from msgspec import Struct

from generator.model import UNSUBSCRIBE
from generator.newsletter.message.reader_name import replace_names

_LINK = r'<a\b(?P<before>[^>]*?)\shref="{}"(?P<after>[^>]*)>(?P<words>.*?)</a>'
_NOTIFY = re.compile(r"\((?=\()")
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the same files give the same archive


class MailService(Struct, frozen=True, kw_only=True):
    """One service: its tags in HTML and in plain text; "" if it has none.

    With `elements`, the HTML tags are the names of elements that stand in place of links. `packed` names the archive
    that it takes, and `packs_letter` says whether the HTML is in it. `text_only` services take no HTML.
    `name` is the tag of the reader's first name, with FALLBACK for the words without one; "" if the service has none
    that allows for such words.
    """

    unsubscribe: str
    unsubscribe_text: str = ""
    web_version: str = ""
    web_version_text: str = ""
    address: str = ""
    address_text: str = ""
    elements: bool = False
    packed: str = ""
    packs_letter: bool = False
    text_only: bool = False
    name: str = ""


SERVICES: Mapping[str, MailService] = {
    "mailchimp": MailService(
        unsubscribe="*|UNSUB|*",
        web_version="*|ARCHIVE|*",
        address="*|HTML:LIST_ADDRESS_HTML|*",
        address_text="*|LIST:ADDRESS|*",
        packed="mailchimp.zip",
        packs_letter=True,
        name="*|IF:FNAME|**|FNAME|**|ELSE:|*FALLBACK*|END:IF|*",
    ),
    "campaign-monitor": MailService(
        unsubscribe="unsubscribe",
        unsubscribe_text="[unsubscribe]",
        web_version="webversion",
        web_version_text="[webversion]",
        elements=True,
        packed="pictures.zip",
        name="[firstname,fallback=FALLBACK]",
    ),
    "brevo": MailService(
        unsubscribe="{{ unsubscribe }}",
        web_version="{{ mirror }}",
        name='{{ contact.FIRSTNAME | default : "FALLBACK" }}',
    ),
    "mailgun": MailService(unsubscribe="%unsubscribe_url%"),
    "listmonk": MailService(
        unsubscribe="{{ UnsubscribeURL }}",
        web_version="{{ MessageURL }}",
        name="{{ if .Subscriber.FirstName }}{{ .Subscriber.FirstName }}{{ else }}FALLBACK{{ end }}",
    ),
    "buttondown": MailService(unsubscribe="{{ unsubscribe_url }}", web_version="{{ email_url }}"),
    "notify": MailService(unsubscribe="((unsubscribe_url))", text_only=True),
}
"""Name of a service, as for `--for` → its tags."""


def fill_html(service: MailService, page: str, url: str, postal_address: str) -> str:
    """Put a service's tags into HTML whose own words are protected already; `url` is that of the issue's page."""
    page = _fill_names(service, page)
    if service.elements:
        page = _make_elements(page, re.escape(UNSUBSCRIBE), service.unsubscribe)
        return _make_elements(page, re.escape(escape(url)), service.web_version)
    page = page.replace(UNSUBSCRIBE, service.unsubscribe)
    if service.web_version:
        page = page.replace(f'href="{escape(url)}"', f'href="{service.web_version}"')
    if service.address and postal_address:
        page = page.replace(escape(postal_address, quote=False), service.address)
    return page


def fill_text(service: MailService, text: str, url: str, postal_address: str) -> str:
    """Put a service's tags into the plain text."""
    text = _NOTIFY.sub("(\u200b", text) if service.text_only else text
    text = _fill_names(service, text)
    text = text.replace(UNSUBSCRIBE, service.unsubscribe_text or service.unsubscribe)
    if web_version := service.web_version_text or service.web_version:
        text = text.replace(f"<{url}>", f"<{web_version}>")
    return text.replace(postal_address, service.address_text) if service.address_text and postal_address else text


def _fill_names(service: MailService, written: str) -> str:
    """Put the service's tag for a name in place of each mark, or else the fallback."""
    return replace_names(written, lambda fallback: (service.name or "FALLBACK").replace("FALLBACK", fallback))


def _make_elements(page: str, href: str, name: str) -> str:
    """Replace links by elements with the same words and looks."""
    return re.sub(
        _LINK.format(href),
        lambda found: f"<{name}{found['before']}{found['after']}>{found['words']}</{name}>",
        page,
        flags=re.DOTALL,
    )


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip archive; the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), data)
    return packed.getvalue()
