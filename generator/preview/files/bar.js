// The editor's bar: what this page is, its source, and which posts the preview shows. The bar is over the page and takes no
// room in it. The browser remembers whether it is hidden.

import { address, make, remember, remembered } from "./elements.js";
import { gettext, LANGUAGE, ngettext } from "./words.js";

const STATES = {
  draft: gettext("Draft"),
  scheduled: gettext("Scheduled"),
  expired: gettext("Expired"),
  "": gettext("Public"),
};
const STAGES = {
  documents: (values) => gettext("Reading texts: %(done)s of %(total)s", values),
  files: (values) => gettext("Preparing files: %(done)s of %(total)s", values),
  render: (values) => gettext("Building pages: %(done)s of %(total)s", values),
};
const LONG_MS = 400;
const CHOICE_MS = 5000; // a build with an older choice may report this long after the next one was made

export class Bar {
  #send;
  #problems;
  #state = null;
  #dock;
  #panel;
  #toggle;
  #label;
  #chip;
  #handle;
  #facts;
  #source;
  #drafts;
  #future;
  #at;
  #now;
  #note;
  #slow = 0;
  #chosen = {};

  constructor(root, send, problems) {
    this.#send = send;
    this.#problems = problems;
    this.#label = make("span", { class: "label" }, gettext("Preview"));
    this.#chip = make("span", { class: "chip", hidden: true });
    this.#toggle = make(
      "button",
      { type: "button", class: "toggle", "aria-expanded": "false", "aria-controls": "panel", onclick: () => this.#open() },
      make("span", { class: "light", "aria-hidden": "true" }),
      this.#label,
      this.#chip,
    );
    this.#panel = this.#furnish();
    this.#handle = make(
      "button",
      { type: "button", class: "handle", "aria-label": gettext("Show the preview bar"), onclick: () => this.#want("bar") },
      make("span", { class: "light", "aria-hidden": "true" }),
    );
    this.#dock = make(
      "aside",
      { class: "dock", "aria-label": gettext("Preview") },
      this.#panel,
      make(
        "div",
        { class: "pill" },
        this.#toggle,
        make("button", { type: "button", class: "close", "aria-label": gettext("Hide the preview bar"), onclick: () => this.#want("handle") }, cross()),
      ),
      this.#handle,
    );
    this.#dock.addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
    this.#set(remembered("bar", "bar"));
    root.append(this.#dock);
  }

  show(state) {
    clearTimeout(this.#slow);
    this.#slow = 0;
    this.#state = state;
    const { page, view } = state;
    const { errors, warnings } = state.counts;
    const count = errors + warnings;
    this.#dock.dataset.light = errors ? "error" : warnings ? "warning" : "fine";
    const about = page ? [this.#name(page), this.#length(page)] : [gettext("Preview")];
    const when = view.at && gettext("As of %(day)s", { day: day(view.at) });
    this.#label.textContent = [when, ...about].filter(Boolean).join(" · ");
    this.#chip.textContent = errors
      ? ngettext("%(num)s error", "%(num)s errors", errors)
      : ngettext("%(num)s warning", "%(num)s warnings", warnings);
    this.#chip.hidden = count === 0;
    this.#handle.setAttribute("aria-label", count
        ? gettext("Show the preview bar (%(problems)s)", { problems: this.#chip.textContent })
        : gettext("Show the preview bar"),
    );
    const { drafts, future, at } = { ...view, ...this.#unanswered(view) };
    this.#drafts.checked = drafts;
    this.#future.checked = future;
    this.#at.value = at.slice(0, 10);
    this.#describe(page, view);
  }

  building({ stage, done, total }) {
    if (this.#slow) return this.#progress(stage, done, total);
    this.#slow = setTimeout(() => (this.#dock.dataset.light = "busy"), LONG_MS);
  }

  lost() {
    this.#dock.dataset.light = "lost";
    this.#label.textContent = gettext("The preview has stopped");
    this.#chip.hidden = true;
  }

  #progress(stage, done, total) {
    if (this.#dock.dataset.light !== "busy") return;
    this.#label.textContent = progress(stage, done, total);
  }

  #name(page) {
    if (page.state === "scheduled" && page.date) return gettext("Scheduled for %(date)s", { date: day(page.date) });
    return STATES[page.state];
  }

  #standing(page) {
    if (page.state === "draft") return gettext("Draft: to publish it, delete the line “draft: true”");
    if (page.state === "scheduled") return gettext("Scheduled for %(date)s", { date: moment(page.date) });
    if (page.state === "expired") return gettext("Expired on %(date)s", { date: moment(page.expires) });
    const dates = { date: page.date && day(page.date), end: page.expires && day(page.expires) };
    if (page.expires) {
      return page.date ? gettext("Public since %(date)s, until %(end)s", dates) : gettext("Public until %(end)s", dates);
    }
    return page.date ? gettext("Public since %(date)s", dates) : gettext("Public");
  }

  #length(page) {
    if (!page.words) return "";
    const words = ngettext("%(num)s word", "%(num)s words", page.words);
    return gettext("%(words)s, %(minutes)s min", { words, minutes: page.minutes });
  }

  #reading(page) {
    if (!page.words) return gettext("no text yet");
    const words = ngettext("%(num)s word", "%(num)s words", page.words);
    const time = ngettext("%(num)s minute", "%(num)s minutes", page.minutes);
    return gettext("%(words)s, about %(time)s to read", { words, time });
  }

  #count(all, mine) {
    if (!all) return gettext("None");
    const parts = [];
    if (mine) parts.push(ngettext("%(num)s problem here", "%(num)s problems here", mine));
    if (all > mine) {
      const others = all - mine;
      parts.push(
        mine
          ? ngettext("%(num)s on other pages", "%(num)s on other pages", others)
          : ngettext("%(num)s problem on other pages", "%(num)s problems on other pages", others),
      );
    }
    const words = parts.join(", ");
    return make("button", { type: "button", class: "link", onclick: () => this.#problems.showAll(this.#state) }, words);
  }

  #describe(page, view) {
    const when = view.at ? gettext("The site as of %(moment)s", { moment: moment(view.at) }) : gettext("The site as of now");
    const rows = [[gettext("Shown"), when]];
    if (page) {
      rows.push([gettext("State"), this.#standing(page)]);
      rows.push([gettext("Length"), this.#reading(page)]);
    }
    rows.push([gettext("Problems"), this.#count(total(this.#state.counts), total(this.#state.mine))]);
    this.#now.hidden = !this.#at.value;
    this.#facts.replaceChildren(...rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
    const path = page?.source ?? "";
    this.#source.hidden = !path;
    this.#source.querySelector("code").textContent = path;
    const mail = this.#source.querySelector("a");
    mail.hidden = !page?.mail;
    if (page?.mail) mail.href = address(`mail/${page.mail}`);
  }

  #furnish() {
    this.#facts = make("dl");
    this.#source = make(
      "div",
      { class: "source", hidden: true },
      make("code", { tabindex: "0" }),
      make(
        "p",
        { class: "row" },
        make("button", { type: "button", onclick: (event) => this.#copy(event.target) }, gettext("Copy path")),
        make("button", { type: "button", onclick: () => this.#edit() }, gettext("Open in editor")),
        make("a", { hidden: true }, gettext("See the e-mail")),
      ),
    );
    this.#drafts = make("input", { type: "checkbox", id: "drafts", onchange: () => this.#look({ drafts: this.#drafts.checked }) });
    this.#future = make("input", { type: "checkbox", id: "future", onchange: () => this.#look({ future: this.#future.checked }) });
    this.#at = make("input", { type: "date", id: "at", onchange: () => this.#look({ at: this.#at.value && `${this.#at.value}T23:59:59` }) });
    this.#now = make("button", { type: "button", onclick: () => this.#today() }, gettext("Today"));
    this.#note = make("p", { class: "note", role: "status" });
    return make(
      "div",
      { class: "panel", id: "panel", hidden: true, role: "group", "aria-label": gettext("This page and what is shown") },
      this.#facts,
      this.#source,
      make(
        "fieldset",
        {},
        make("legend", {}, gettext("Show")),
        make("label", { for: "drafts" }, this.#drafts, gettext("Drafts")),
        make("label", { for: "future" }, this.#future, gettext("Scheduled posts")),
        make(
          "p",
          { class: "row" },
          make("label", { for: "at" }, gettext("The site on the evening of")),
          this.#at,
          this.#now,
        ),
      ),
      make(
        "p",
        { class: "row" },
        make("a", { class: "button", href: "/__openletter/phone", onclick: (event) => this.#phone(event) }, gettext("On a phone")),
      ),
      this.#note,
    );
  }

  // Sends the changed choice alone: the others may be those of a build before the last choice.
  async #look(changed) {
    Object.assign(this.#chosen, changed);
    setTimeout(() => this.#forget(changed), CHOICE_MS);
    this.#note.textContent = await this.#send("view", changed);
    if (this.#note.textContent) this.#forget(changed);
  }

  // The choices that no build has answered yet: what a build from before says of them does not undo them.
  #unanswered(view) {
    this.#forget(view);
    return this.#chosen;
  }

  #forget(choices) {
    for (const [name, value] of Object.entries(choices)) if (this.#chosen[name] === value) delete this.#chosen[name];
  }

  #today() {
    this.#at.value = "";
    this.#look({ at: "" });
    this.#at.focus();
  }

  async #copy(button) {
    const code = this.#source.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = gettext("Copied");
    } catch {
      const range = document.createRange(); // over the network browsers give no clipboard: mark it for the user to copy
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  }

  async #edit() {
    const said = await this.#send("edit", { path: this.#state.page.source, line: 1 });
    this.#note.textContent = said || gettext("Opened in your editor.");
  }

  #phone(event) {
    const here = location.pathname + location.search + location.hash;
    event.currentTarget.href = address(`phone?${new URLSearchParams({ url: here })}`);
  }

  #open() {
    this.#want(this.#panel.hidden ? "panel" : "bar");
  }

  #close() {
    if (this.#panel.hidden) return;
    this.#want("bar");
    this.#toggle.focus();
  }

  #want(what) {
    this.#set(what);
    remember("bar", what);
    (what === "handle" ? this.#handle : this.#toggle).focus();
  }

  #set(what) {
    this.#dock.dataset.shown = what;
    this.#panel.hidden = what !== "panel";
    this.#toggle.setAttribute("aria-expanded", String(what === "panel"));
  }
}

function total({ errors, warnings, notes }) {
  return errors + warnings + notes;
}

// Describe the progress of a build: the stage, and how much of it is done.
export function progress(stage, done, total) {
  const values = { done: done.toLocaleString(LANGUAGE), total: total.toLocaleString(LANGUAGE) };
  return STAGES[stage]?.(values) ?? "";
}

// Dates are shown as they were written, in the site's time zone, not in the browser's.
function day(text) {
  return written(text, { day: "numeric", month: "short", year: "numeric" });
}

function moment(text) {
  return written(text, { dateStyle: "long", timeStyle: "short" });
}

function written(text, how) {
  return new Date(`${text.slice(0, 19)}Z`).toLocaleString(LANGUAGE, { timeZone: "UTC", ...how });
}

function cross() {
  return make("span", { class: "cross", "aria-hidden": "true" });
}
