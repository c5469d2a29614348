// Neighbours are set once in a collection, which is Eleventy's cheap way; Markdown is not run through a template first.
import markdownIt from "markdown-it";
import anchor from "markdown-it-anchor";
import footnote from "markdown-it-footnote";

export default function (config) {
  config.setLibrary("md", markdownIt({ html: true, typographer: true }).use(footnote).use(anchor, { level: [1, 2, 3] }));
  config.addPassthroughCopy({ static: "/" });
  config.addCollection("posts", (api) => {
    const posts = api.getFilteredByGlob("content/posts/*.md");
    posts.forEach((post, at) => {
      post.data.older = posts[at - 1];
      post.data.newer = posts[at + 1];
    });
    return posts;
  });
  config.addCollection("newest", (api) => api.getFilteredByGlob("content/posts/*.md").reverse());
  config.addCollection("names", (api) => [...new Set(api.getFilteredByGlob("content/posts/*.md").flatMap((post) => post.data.tags || []))].sort());
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  config.addFilter("iso", (date) => date.toISOString());
  config.addFilter("long", (date) => day.format(date));
  config.addFilter("rfc", (date) => date.toUTCString());
  config.addFilter("reversed", (list) => [...list].reverse());
  config.addFilter("first", (list, count) => list.slice(0, count));
  config.setServerOptions({ showAllHosts: false });
  return { dir: { input: "content", includes: "../_includes", output: "_site" }, markdownTemplateEngine: false, htmlTemplateEngine: "njk" };
}
