"""Markup: convert a Markdown text to a `Body`. The result depends only on the text and the settings, not on the site.

    text → engine.to_html → sanitise → one shared pass over the HTML → model.Body

The shared pass has two parts. Steps that change how elements are nested work on a tree (`rework`), which nine bodies of
ten do not need (`simple`). All other steps work on a sequence of texts and tags (`tokens`), for every body.

The shared pass does everything that is special to Openletter, on the HTML of any engine, so that the dialects cannot
differ. `convert_markdown` (in `body`) runs all of it; a page calls `resolve` (in `placeholders`) with its result.
"""
