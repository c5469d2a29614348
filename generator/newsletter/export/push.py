"""Make or update the draft of a campaign at a mail service. Nothing here sends: a person does that at the service.

Source: the services' API references: https://listmonk.app/docs/apis/campaigns/,
https://mailchimp.com/developer/marketing/api/campaigns/ and /campaign-content/,
https://developers.brevo.com/reference/create-email-campaign and update-email-campaign,
https://docs.buttondown.com/api-emails-create and api-emails-update.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from msgspec import Struct

from generator.errors import ConfigError, MailError, error

_TIMEOUT_S = 30.0
_BREVO_PAGE = 100
"""The most campaigns in one reply of Brevo."""
_MAILCHIMP_PAGE = 1000


class Draft(Struct, frozen=True, kw_only=True):
    """What a draft holds. `name` identifies the issue among the drafts; `lists` are the service's ids of lists."""

    name: str
    subject: str
    preheader: str
    html: str
    text: str
    sender_name: str
    sender_address: str
    lists: tuple[str, ...]


class PushTarget(Struct, frozen=True):
    """Where and how: the base address, the headers with the key, and the functions for one service."""

    url: str
    headers: dict[str, str]
    auth: tuple[str, str] | None = None


Ask = Callable[..., Any]
"""Called with a method, a path and a JSON body; returns the reply's JSON."""


def push_draft(service: str, url: str, key: str, draft: Draft) -> tuple[str, bool]:
    """Make the draft, or update the one with the same name; return its id, and whether it is new.

    Campaigns that are sent or scheduled are never changed.

    Raises: ConfigError if httpx is missing, or the key or a list is not of the service's form; MailError if the
    service refuses.
    """
    try:
        import httpx
    except ImportError as failure:
        message = "newsletter push needs the library httpx, which is not installed."
        raise ConfigError(error("", "mail-push", message, "Run: pip install 'openletter[links]'")) from failure
    target = _target(service, url, key)
    with httpx.Client(base_url=target.url, headers=target.headers, auth=target.auth, timeout=_TIMEOUT_S) as client:

        def ask(method: str, path: str, body: Any = None, **query: Any) -> Any:
            try:
                reply = client.request(method, path, json=body, params=query)
            except httpx.HTTPError as failure:
                raise _refused(service, f"it does not reply: {failure or type(failure).__name__}") from failure
            if reply.is_error or reply.is_redirect:
                raise _refused(service, f'it replied "{reply.status_code} {" ".join(reply.text.split())[:200]}"')
            return reply.json() if reply.content else {}

        try:
            return _PUSH[service](ask, draft)
        except (AttributeError, KeyError, TypeError, ValueError) as failure:
            raise _refused(service, "its reply is not of the documented form") from failure


def _target(service: str, url: str, key: str) -> PushTarget:
    if service == "listmonk":
        user, colon, token = key.partition(":")
        if not url or not colon:
            hint = "Add --url with the address of your listmonk, and write the key as USER:TOKEN."
            raise ConfigError(error("", "mail-push", "listmonk needs its address, and a user with a token.", hint))
        return PushTarget(url, {}, (user, token))
    if service == "mailchimp":
        centre = key.rpartition("-")[2]
        if "-" not in key or not centre.isalnum():
            hint = "Copy the whole key; it ends with a hyphen and the data centre, such as -us21."
            raise ConfigError(error("", "mail-push", "This is not a Mailchimp key.", hint))
        return PushTarget(url or f"https://{centre}.api.mailchimp.com/3.0", {}, ("openletter", key))
    if service == "brevo":
        return PushTarget(url or "https://api.brevo.com/v3", {"api-key": key})
    return PushTarget(url or "https://api.buttondown.com/v1", {"Authorization": f"Token {key}"})


def _push_listmonk(ask: Ask, draft: Draft) -> tuple[str, bool]:
    body = {
        "name": draft.name,
        "subject": draft.subject,
        "lists": _numbers(draft.lists),
        "type": "regular",
        "content_type": "html",
        "body": draft.html,
        "altbody": draft.text,
        "from_email": f"{draft.sender_name} <{draft.sender_address}>",
    }
    drafts = ask("GET", "api/campaigns", status="draft", per_page="all")["data"]["results"]
    known = _find(drafts, draft.name, lambda each: each["name"], status="draft")
    if known:
        ask("PUT", f"api/campaigns/{known}", body)
        return known, False
    return str(ask("POST", "api/campaigns", body)["data"]["id"]), True


def _push_mailchimp(ask: Ask, draft: Draft) -> tuple[str, bool]:
    settings = {
        "subject_line": draft.subject,
        "preview_text": draft.preheader,
        "title": draft.name,
        "from_name": draft.sender_name,
        "reply_to": draft.sender_address,
    }
    body = {"type": "regular", "recipients": {"list_id": _one(draft.lists)}, "settings": settings}
    drafts = ask("GET", "campaigns", status="save", count=_MAILCHIMP_PAGE)["campaigns"]
    known = _find(drafts, draft.name, lambda each: each["settings"]["title"], status="save")
    identity = known or str(ask("POST", "campaigns", body)["id"])
    if known:
        ask("PATCH", f"campaigns/{known}", {"recipients": body["recipients"], "settings": settings})
    ask("PUT", f"campaigns/{identity}/content", {"html": draft.html, "plain_text": draft.text})
    return identity, not known


def _push_brevo(ask: Ask, draft: Draft) -> tuple[str, bool]:
    body = {
        "name": draft.name,
        "subject": draft.subject,
        "previewText": draft.preheader,
        "sender": {"name": draft.sender_name, "email": draft.sender_address},
        "htmlContent": draft.html,
        "recipients": {"listIds": _numbers(draft.lists)},
        "mirrorActive": True,  # or its tag for the web version leads nowhere
    }
    known = _find(_list_brevo(ask), draft.name, lambda each: each["name"], status="draft")
    if known:
        ask("PUT", f"emailCampaigns/{known}", body)
        return known, False
    return str(ask("POST", "emailCampaigns", body)["id"]), True


def _list_brevo(ask: Ask) -> Iterator[Any]:
    for start in count(0, _BREVO_PAGE):
        found = ask("GET", "emailCampaigns", status="draft", limit=_BREVO_PAGE, offset=start).get("campaigns", [])
        yield from found
        if len(found) < _BREVO_PAGE:
            return


def _push_buttondown(ask: Ask, draft: Draft) -> tuple[str, bool]:
    """Buttondown has one list, and no names: the subject identifies the draft.

    Without `status`, Buttondown would send the mail at once.
    """
    body = {"subject": draft.subject, "body": draft.html, "status": "draft"}
    known = _find(_list_buttondown(ask), draft.subject, lambda each: each["subject"], status="draft")
    if known:
        ask("PATCH", f"emails/{known}", body)
        return known, False
    return str(ask("POST", "emails", body)["id"]), True


def _list_buttondown(ask: Ask) -> Iterator[Any]:
    for page in count(1):
        reply = ask("GET", "emails", status="draft", page=page)
        yield from reply["results"]
        if not reply.get("next"):
            return


_PUSH: Mapping[str, Callable[[Ask, Draft], tuple[str, bool]]] = {
    "listmonk": _push_listmonk,
    "mailchimp": _push_mailchimp,
    "brevo": _push_brevo,
    "buttondown": _push_buttondown,
}


def _find(drafts: Iterable[Any], name: str, read_name: Callable[[Any], str], status: str) -> str:
    """Find the id of the draft with a name, "" if there is none. Asks the status again: a sent one must not change."""
    return next((str(each["id"]) for each in drafts if read_name(each) == name and each["status"] == status), "")


def _numbers(lists: Sequence[str]) -> list[int]:
    if not lists or not all(each.isdecimal() for each in lists):
        hint = "Add --list with its number, as the service shows it."
        raise ConfigError(error("", "mail-push", "This service needs the numbers of the lists to send to.", hint))
    return [int(each) for each in lists]


def _one(lists: Sequence[str]) -> str:
    if len(lists) != 1:
        hint = "Add --list with the audience's id, as the service shows it."
        raise ConfigError(error("", "mail-push", "This service needs the id of one audience.", hint))
    return lists[0]


def _refused(service: str, why: str) -> MailError:
    hint = "Check the key, the address and the list. Nothing was sent."
    return MailError(error("", "mail-push", f"The draft was not made at {service}: {why}.", hint))
