// The search page: it loads the index when its reader types, and shows what matches, ten results at a time.

const SHOWN = 10;
const DELAY_MS = 200;

const form = document.getElementById("ol-search-form");
const query = document.getElementById("ol-query");
const state = document.getElementById("ol-search-state");
const list = document.getElementById("ol-results");
const more = document.getElementById("ol-more-results");
const filters = form.querySelector(".search-filters");
const fields = [...filters.querySelectorAll("select")];

let engine;
let latest = 0;
let found = [];
let shown = 0;
let waiting;

/** Load the index, once. */
function load() {
  engine ??= import(new URL("pagefind.js", new URL(form.dataset.index, location.href)).href).then(async (pagefind) => {
    await pagefind.options({ baseUrl: form.dataset.base, bundlePath: form.dataset.index, excerptLength: 28 });
    await pagefind.init();
    // Pagefind takes the same path for the same index, though each language has its own.
    const path = `${form.dataset.index}../pagefind/`;
    const merge = (language) => pagefind.mergeIndex(path, { language, baseUrl: form.dataset.base });
    await Promise.all((await otherLanguages()).map(merge));
    await pagefind.filters(); // without it, answers have no numbers of pages by year and author
    return pagefind;
  });
  return engine;
}

/** List the languages of texts that belong to this search, beside the page's own: each has an index of its own. */
async function otherLanguages() {
  if (form.dataset.elsewhere === "*") return [];
  const entry = await (await fetch(`${form.dataset.index}pagefind-entry.json`)).json();
  const elsewhere = form.dataset.elsewhere.split(" ").filter(Boolean);
  const own = [document.documentElement.lang.toLowerCase(), ...elsewhere];
  return Object.keys(entry.languages).filter((language) => !own.includes(language));
}

/** Search for what is written now; an answer that a later one has overtaken is dropped. */
async function search() {
  const words = query.value.replace(/[“”„«»「」]/g, '"').trim(); // phones write these
  const chosen = Object.fromEntries(fields.filter((field) => field.value).map((field) => [field.name, field.value]));
  const turn = ++latest;
  remember(words, chosen);
  if (!words && !Object.keys(chosen).length) {
    show([], "");
    return;
  }
  state.textContent = form.dataset.loading;
  try {
    const pagefind = await load();
    const answer = await pagefind.search(words || null, { filters: chosen });
    if (turn !== latest) return;
    offer(words ? answer.totalFilters : await pagefind.filters());
    const count = answer.results.length.toLocaleString(document.documentElement.lang);
    show(answer.results, answer.results.length ? form.dataset.count.replace("{count}", count) : form.dataset.none);
  } catch (failure) {
    if (turn !== latest) return;
    engine = undefined;
    show([], form.dataset.failed);
    console.error(failure);
  }
}

/** Keep the question in the page's address, so that it can be sent on and the way back leads to it. */
function remember(words, chosen) {
  const parameters = new URLSearchParams(chosen);
  if (words) parameters.set("q", words);
  const text = parameters.toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
}

/** Offer the values that the matching pages have, with their numbers; a field with one value says nothing. */
function offer(counts) {
  for (const field of fields) {
    const values = Object.entries(counts[field.name] ?? {}).filter(([value, count]) => count || value === field.value);
    const newestFirst = (one, other) => other[0].localeCompare(one[0]);
    values.sort(field.name === "year" ? newestFirst : (one, other) => one[0].localeCompare(other[0]));
    const options = values.map(([value, count]) => new Option(`${value} (${count})`, value, false, value === field.value));
    field.replaceChildren(field.options[0], ...options);
    if (!field.selectedOptions.length) field.selectedIndex = 0;
    field.parentElement.hidden = values.length < 2 && !field.value;
  }
  filters.hidden = fields.every((field) => field.parentElement.hidden);
}

function show(results, words) {
  found = results;
  shown = 0;
  list.replaceChildren();
  list.hidden = !results.length;
  more.hidden = true;
  state.textContent = words;
  if (results.length) return extend();
}

/** Show the next results. */
async function extend() {
  const turn = latest;
  const next = found.slice(shown, shown + SHOWN);
  const pages = await Promise.all(next.map((result) => result.data()));
  if (turn !== latest) return;
  const items = pages.map(describe);
  list.append(...items);
  if (shown) items[0]?.querySelector("a").focus();
  shown += next.length;
  more.hidden = shown >= found.length;
}

function describe(page) {
  const excerpt = new DOMParser().parseFromString(page.excerpt, "text/html").body;
  const link = element("a", page.meta.title);
  link.href = page.url + passages(excerpt);
  const title = element("h2", "", "card-title");
  title.append(link);
  const text = element("p", "", "card-summary");
  for (const node of excerpt.childNodes) {
    text.append(node.nodeName === "MARK" ? element("mark", node.textContent) : node.textContent);
  }
  const item = element("li", "", "card is-row");
  item.append(title, text);
  if (page.meta.date) item.append(element("p", page.meta.date, "count"));
  return item;
}

/** Point at the words that matched: browsers mark them on the page. Source: WICG, URL Fragment Text Directives. */
function passages(excerpt) {
  const words = [];
  let gap = "x";
  for (const node of excerpt.childNodes) {
    if (node.nodeName !== "MARK") gap = node.textContent;
    else if (words.length && !gap.trim()) words.push(`${words.pop()} ${node.textContent}`);
    else words.push(node.textContent);
    if (node.nodeName === "MARK") gap = "";
  }
  const bare = words.map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "")).filter(Boolean);
  const written = [...new Set(bare)].slice(0, 6).map((word) => encodeURIComponent(word).replaceAll("-", "%2D"));
  return written.length ? `#:~:${written.map((word) => `text=${word}`).join("&")}` : "";
}

function element(name, text, css) {
  const made = document.createElement(name);
  made.textContent = text;
  if (css) made.className = css;
  return made;
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(search, DELAY_MS);
}

query.addEventListener("input", soon);
filters.addEventListener("change", search);
more.addEventListener("click", extend);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  search();
});

// A question that came with the address: from the masthead, from a link, or from the way back.
const asked = new URLSearchParams(location.search);
query.value = asked.get("q") ?? "";
for (const field of fields) {
  const value = asked.get(field.name);
  if (value) field.append(new Option(value, value, false, true));
}
if (query.value || fields.some((field) => field.value)) search();
