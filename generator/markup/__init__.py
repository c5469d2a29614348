"""Markup: bytes of Markdown become a `Body`, purely; nothing site-wide is known here.

    text → engine.to_html → sanitise → one shared pass over the HTML → model.Body

The shared pass has two parts. What changes how elements stand in each other is done on a tree (`rework`), which nine
bodies of ten do not need (`simple`); all else is done on a row of texts and tags (`tokens`), for every body.

Whatever makes a body ours is done in the shared pass, over the HTML of any engine, so that dialects cannot drift
apart. `convert` (in `body`) is the whole way; `resolve` (in `placeholders`) is what a page does with its result.
"""
