// Runs in every page of the preview: listens for changes, shows them, and brings the bar and the problems.
// No build step, nothing from elsewhere; a published page holds none of it.

import { Bar, progress } from "./bar.js";
import { address } from "./elements.js";
import { Problems } from "./problems.js";
import { bringUpToDate, reload, restoreScroll } from "./update.js";
import { gettext } from "./words.js";

const own = document.querySelector("script[data-openletter]");
const facts = JSON.parse(own.dataset.openletter);
own.remove();

const HIDDEN_MS = 2000; // browsers keep six connections to a server: a tab nobody sees gives its own back
const RETRY_MS = 1000;

let stream = null;
let timer = 0;
let bar = null;
let problems = null;
let old = false;
let updating = Promise.resolve();

function connect() {
  clearTimeout(timer);
  if (stream) return;
  const query = new URLSearchParams({ path: facts.path, build: facts.build, session: facts.session });
  stream = new EventSource(address(`events?${query}`));
  stream.onmessage = (event) => receive(JSON.parse(event.data));
  stream.onerror = () => {
    disconnect();
    bar?.lost();
    timer = setTimeout(connect, RETRY_MS);
  };
}

function disconnect() {
  stream?.close();
  stream = null;
}

function receive(message) {
  if (message.type === "building") {
    bar?.building(message);
    waiting(message);
    return;
  }
  if (message.type === "early") {
    // A page that is made from the site's own (an issue as e-mail) waits for the build to end.
    if (facts.whole) old = true;
    else updating = updating.then(() => bringUpToDate([], true)).catch(reload);
    return;
  }
  updating = updating.then(() => update(message)).catch(reload);
}

async function update(state) {
  if (state.session !== facts.session) return reload();
  facts.build = state.build;
  if (facts.waiting && state.ready) return reload();
  if (facts.whole && (state.update || old)) return reload();
  await bringUpToDate(state.urls, state.update);
  bar?.show(state);
  problems?.show(state);
}

function waiting({ stage, done, total }) {
  const place = facts.waiting && document.querySelector("[data-progress]");
  if (place) place.textContent = progress(stage, done, total);
}

async function send(path, body) {
  const answer = await fetch(address(path), {
    method: "POST",
    headers: { "content-type": "application/json", "x-openletter-token": facts.token },
    body: JSON.stringify(body),
  });
  return answer.ok ? "" : (await answer.text()) || gettext("The preview refused this.");
}

function furnish() {
  const host = document.createElement("openletter-preview");
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("./preview.css", import.meta.url);
  root.append(style);
  host.hidden = true; // until it looks like something
  style.addEventListener("load", () => (host.hidden = false));
  problems = new Problems(root, send);
  if (window.top === window) bar = new Bar(root, send, problems);
  document.documentElement.append(host); // beside the body: no selector of the page's can count it
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (document.hidden) timer = setTimeout(disconnect, HIDDEN_MS);
  else connect();
});
window.addEventListener("pagehide", disconnect);
window.addEventListener("pageshow", (event) => event.persisted && connect());

restoreScroll();
furnish();
connect();
