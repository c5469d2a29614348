"""The other hosts that a theme's templates and style sheets make pages contact."""

from __future__ import annotations

from generator.model import Contact
from generator.theming.theme import Theme

_NOT_PAGES = "mail/"


def find_contacts(theme: Theme) -> tuple[Contact, ...]:
    """List the hosts that templates and style sheets name where browsers load something, sorted.

    Only what is written out is found: an address that a template puts together, or a script requests, is not.
    """
    from generator.text.outside_hosts import contacts_of_page, contacts_of_styles  # a letter contacts no host

    found: set[Contact] = set()
    for name in theme.template_names:
        template = theme.find(name)
        if template is not None and name.endswith(".html") and not name.startswith(_NOT_PAGES):
            found |= contacts_of_page(template.text)
    for path, file in theme.static.items():
        if path.endswith(".css"):
            found |= contacts_of_styles(file.read().decode("utf-8", "replace"))
    return tuple(sorted(found))
