// The conversation about a post, at the service that its element names. frames.js makes the button; until a click,
// nothing is requested. Frames get the reader's sign-in and colours, services with a script of their own get that.
const holder = document.querySelector("[data-conversation]");
const { conversation, frame, script } = holder.dataset;
const dark = matchMedia("(prefers-color-scheme: dark)");
const page = new URL(location.href);
page.hash = "";

// giscus and utterances come back from GitHub with a session in the address: keep it, and show what was asked for.
const session = {
  name: `${conversation}-session`,
  read() {
    try {
      const kept = localStorage.getItem(this.name) || "";
      return conversation === "giscus" && kept ? JSON.parse(kept) : kept;
    } catch {
      return "";
    }
  },
  keep(value) {
    try {
      localStorage.setItem(this.name, conversation === "giscus" ? JSON.stringify(value) : value);
    } catch {}
  },
  forget() {
    try {
      localStorage.removeItem(this.name);
    } catch {}
  },
};
const given = frame ? page.searchParams.get(conversation) : null;
if (given) {
  page.searchParams.delete(conversation);
  history.replaceState(null, "", page);
  session.keep(given);
}

const utterancesTheme = () => (dark.matches ? "github-dark" : "github-light");
const additions = {
  giscus: () => ({ origin: page.href, session: session.read() }),
  utterances: () => ({ origin: page.origin, pathname: page.pathname, session: session.read(), theme: utterancesTheme() }),
};
const address = () => {
  const url = new URL(frame);
  for (const [name, value] of Object.entries(additions[conversation]?.() ?? {})) url.searchParams.set(name, value);
  return url.href;
};
if (frame) {
  holder.dataset.frame = address();
  addEventListener("message", ({ origin, data }) => {
    const shown = holder.querySelector("iframe");
    if (!shown || origin !== new URL(frame).origin || !data) return;
    const height = data.giscus?.resizeHeight ?? (/resize$/.test(data.type) ? data.height : 0);
    if (height > 0) shown.style.height = `${height}px`;
    if (data.giscus?.signOut || /credentials|state/i.test(data.giscus?.error ?? "")) {
      const had = session.read();
      session.forget();
      if (had) shown.src = address();
    }
  });
  dark.addEventListener("change", () => {
    holder.dataset.frame = address();
    const theme = { type: "set-theme", theme: utterancesTheme() };
    if (conversation === "utterances") holder.querySelector("iframe")?.contentWindow.postMessage(theme, new URL(frame).origin);
  });
}

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const run = (attributes) => holder.append(element("script", { src: script, ...attributes }));
const { server, thread, title, language, site, link, replies, number } = holder.dataset;

const services = {
  isso() {
    holder.append(element("div", { id: "isso-thread", "data-isso-id": thread, "data-title": title }));
    run({ "data-isso": server, "data-isso-lang": language, "data-isso-avatar": "false" });
  },
  remark42() {
    const theme = () => (dark.matches ? "dark" : "light");
    window.remark_config = {
      host: server, site_id: site, url: thread, page_title: title, locale: language, theme: theme(), components: ["embed"],
    };
    holder.append(element("div", { id: "remark42" }));
    run({ type: "module" });
    dark.addEventListener("change", () => window.REMARK42?.changeTheme(theme()));
  },
  disqus() {
    window.disqus_config = function () {
      Object.assign(this.page, { url: link, identifier: thread, title });
      this.language = language;
    };
    holder.append(element("div", { id: "disqus_thread" }));
    run({ "data-timestamp": Date.now() });
    dark.addEventListener("change", () => window.DISQUS?.reset({ reload: true }));
  },
  async mastodon() {
    const answer = await fetch(replies, { credentials: "omit", referrerPolicy: "no-referrer" });
    if (!answer.ok) throw new Error(answer.status);
    const { descendants } = await answer.json();
    const list = element("ol", { class: "comments" });
    const places = new Map([[number, list]]);
    for (const reply of descendants) {
      const item = element("li", {}, comment(reply));
      const parent = places.get(reply.in_reply_to_id) ?? list;
      parent.append(item);
      places.set(reply.id, { append: (below) => (item.querySelector(":scope > .replies") ?? item.appendChild(element("ol", { class: "replies" }))).append(below) });
    }
    if (descendants.length) holder.append(list);
  },
};

// A reply as an article like those above. Its HTML is a stranger's: only paragraphs, line breaks and links remain.
const comment = ({ account, content, created_at, url, spoiler_text }) => {
  const time = element("time", { datetime: created_at }, new Date(created_at).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" }));
  const head = element("header", { class: "comment-head" }, element("h3", {}, account.display_name || account.acct), " ", away(url, time));
  const text = element("div", { class: "prose" });
  copy(new DOMParser().parseFromString(content, "text/html").body, text);
  const body = spoiler_text ? element("details", {}, element("summary", {}, spoiler_text), text) : text;
  return element("article", { class: "comment" }, head, body);
};
const away = (url, ...children) =>
  /^https?:/.test(url) ? element("a", { href: url, rel: "nofollow ugc noreferrer" }, ...children) : element("span", {}, ...children);
const copy = (from, to) => {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || /^(script|style|template)$/i.test(node.tagName)) continue;
    const kept = { P: () => element("p"), BR: () => element("br"), A: () => away(node.href) }[node.tagName]?.();
    copy(node, kept ?? to);
    if (kept) to.append(kept);
  }
};

holder.addEventListener("show", () => services[conversation]?.()?.catch(() => holder.classList.add("has-failed")));
if (given) holder.querySelector("button")?.click();
