"""Markup: bytes of Markdown become a `Body`, purely; nothing site-wide is known here.

    text → engine.to_html → sanitise → one shared pass over the HTML → model.Body

Whatever makes a body ours is done in the shared pass, over the HTML of any engine, so that dialects cannot drift
apart. `convert` (in `body`) is the whole way; `resolve` (in `placeholders`) is what a page does with its result.
"""
