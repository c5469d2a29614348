// Update a page in place: style sheets are loaded again, and everything else is changed where it differs. A page with its
// own scripts is reloaded, because only a reload runs them as a reader's browser would.

import { address } from "./elements.js";

const SCROLL = "openletter-scroll";
const STYLE_MS = 3000;
const EXECUTABLE = /^(?:|module|(?:text|application)\/(?:javascript|ecmascript))$/i;

export function reload() {
  try {
    sessionStorage.setItem(SCROLL, JSON.stringify([location.pathname, scrollX, scrollY]));
  } catch {
    // without storage, the browser restores the position itself
  }
  location.reload();
}

export function restoreScroll() {
  try {
    const [path, left, top] = JSON.parse(sessionStorage.getItem(SCROLL) ?? "[]");
    sessionStorage.removeItem(SCROLL);
    if (path === location.pathname) scrollTo({ left, top, behavior: "instant" });
  } catch {
    // as above
  }
}

// Update the page. `changed`: the addresses of changed files, null for very many. `page`: whether the page itself has changed.
export async function bringUpToDate(changed, page) {
  if (changed === null || changed.some(isShown)) return reload();
  if (changed.some((file) => file.endsWith(".css"))) await refreshStyles();
  if (page) await applyPage();
}

// A file that changes at the same address needs a reload: pictures, films, scripts, files that style sheets name.
function isShown(file) {
  if (file.endsWith(".css")) return false;
  if (performance.getEntriesByType("resource").some((each) => new URL(each.name).pathname === file)) return true;
  const attributes = ["src", "srcset", "poster", "data"];
  for (const element of document.querySelectorAll("[src], [srcset], [poster], object[data]")) {
    for (const name of attributes) {
      for (const written of (element.getAttribute(name) ?? "").split(/,\s+|\s+/)) {
        if (written && URL.canParse(written, document.baseURI) && new URL(written, document.baseURI).pathname === file) {
          return true;
        }
      }
    }
  }
  return false;
}

// Load every sheet again beside the old one, and remove the old one when the new one is there: the page never loses its style.
async function refreshStyles() {
  const sheets = [...document.querySelectorAll("link[rel~=stylesheet]")].filter((link) => link.href.startsWith(location.origin));
  await Promise.all(
    sheets.map((link) => {
      const fresh = link.cloneNode();
      return new Promise((done) => {
        fresh.onload = fresh.onerror = done;
        setTimeout(done, STYLE_MS);
        link.after(fresh);
      }).then(() => link.remove());
    }),
  );
}

async function applyPage() {
  const query = new URLSearchParams({ url: location.pathname });
  const answer = await fetch(address(`page?${query}`));
  if (answer.redirected || answer.status >= 500) return reload();
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  next.querySelector("script[data-openletter]")?.remove();
  if ([document, next].some(needsReload)) return reload();
  const { scrollX: left, scrollY: top } = window;
  become(document.head, next.head);
  become(document.body, next.body);
  sameAttributes(document.documentElement, next.documentElement);
  scrollTo({ left, top, behavior: "instant" });
}

function needsReload(page) {
  const scripts = [...page.scripts].filter((each) => EXECUTABLE.test(each.type));
  return scripts.length > 0 || page.querySelector("base, meta[http-equiv=refresh i]") !== null;
}

// Change only what differs, so that a film plays on and the focus stays where it is.
function become(now, next) {
  if (now.isEqualNode(next)) return;
  sameAttributes(now, next);
  const old = [...now.childNodes];
  const fresh = [...next.childNodes];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start].isEqualNode(fresh[start])) start += 1;
  let end = 0;
  const most = Math.min(old.length, fresh.length) - start;
  while (end < most && old.at(-1 - end).isEqualNode(fresh.at(-1 - end))) end += 1;
  const gone = old.slice(start, old.length - end);
  const come = fresh.slice(start, fresh.length - end);
  if (gone.length === come.length && gone.every((node, at) => isAlike(node, come[at]))) {
    gone.forEach((node, at) => become(node, come[at]));
    return;
  }
  const after = old[old.length - end] ?? null;
  gone.forEach((node) => node.remove());
  come.forEach((node) => now.insertBefore(document.importNode(node, true), after));
}

function isAlike(one, other) {
  return one.nodeType === Node.ELEMENT_NODE && one.nodeName === other.nodeName && one.id === other.id
    ? !["IMG", "SCRIPT", "LINK", "IFRAME", "VIDEO", "AUDIO"].includes(one.nodeName)
    : one.isEqualNode(other);
}

function sameAttributes(now, next) {
  for (const { name } of [...now.attributes]) if (!next.hasAttribute(name)) now.removeAttribute(name);
  for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value) now.setAttribute(name, value);
}
