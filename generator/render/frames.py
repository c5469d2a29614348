"""What another host shows on a page, such as a film or a discussion: nothing is requested of it before a click.

An element with these attributes holds a plain link. The theme's `frames.js` puts a button into it, and the button makes
way for the frame. Without the script, the link remains. A page that has one must name the host among its contacts
(`Head.contacts`), so that its policy allows the frame and the script is there.
"""

from __future__ import annotations

from html import escape


def frame_attributes(url: str, title: str, text: str) -> str:
    """Write the attributes of an element whose content a click replaces: a frame, its title, the button's text.

    `text` must name the host that the click contacts.
    """
    values = {"frame": url, "frame-title": title, "frame-text": text}
    return "".join(f' data-{name}="{escape(value)}"' for name, value in values.items())
