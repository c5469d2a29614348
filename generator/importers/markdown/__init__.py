"""Read blogs of Markdown and HTML files that were written for Hugo, Jekyll, Zola, Pelican or Eleventy."""
