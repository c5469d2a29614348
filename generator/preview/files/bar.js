// The editor's bar: what this page is, where it comes from, and what is shown of the site. It stands over the page,
// takes no room in it, and remembers whether it is wanted.

import { address, counted, make, remember, remembered } from "./elements.js";

const STATES = { draft: "Draft", scheduled: "Scheduled", expired: "Expired", "": "Public" };
const LONG_MS = 400;

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

  constructor(root, send, problems) {
    this.#send = send;
    this.#problems = problems;
    this.#label = make("span", { class: "label" }, "Preview");
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
      { type: "button", class: "handle", "aria-label": "Show the preview bar", onclick: () => this.#want("bar") },
      make("span", { class: "light", "aria-hidden": "true" }),
    );
    this.#dock = make(
      "aside",
      { class: "dock", "aria-label": "Preview" },
      this.#panel,
      make(
        "div",
        { class: "pill" },
        this.#toggle,
        make("button", { type: "button", class: "close", "aria-label": "Hide the preview bar", onclick: () => this.#want("handle") }, cross()),
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
    const count = state.errors + state.warnings;
    this.#dock.dataset.light = state.errors ? "error" : state.warnings ? "warning" : "fine";
    this.#label.textContent = page ? [this.#name(page), this.#length(page)].filter(Boolean).join(" · ") : "Preview";
    this.#chip.textContent = state.errors ? counted(state.errors, "error") : counted(state.warnings, "warning");
    this.#chip.hidden = count === 0;
    this.#handle.setAttribute("aria-label", `Show the preview bar${count ? ` (${this.#chip.textContent})` : ""}`);
    this.#drafts.checked = view.drafts;
    this.#future.checked = view.future;
    this.#at.value = view.at.slice(0, 10);
    this.#describe(page, count);
  }

  building({ stage, done, total }) {
    if (this.#slow) return this.#progress(stage, done, total);
    this.#slow = setTimeout(() => (this.#dock.dataset.light = "busy"), LONG_MS);
  }

  lost() {
    this.#dock.dataset.light = "lost";
    this.#label.textContent = "The preview has stopped";
    this.#chip.hidden = true;
  }

  #progress(stage, done, total) {
    if (this.#dock.dataset.light !== "busy") return;
    this.#label.textContent = `Building: ${stage} ${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  }

  #name(page) {
    if (page.state === "scheduled" && page.date) return `Scheduled for ${day(page.date)}`;
    return STATES[page.state];
  }

  #standing(page) {
    if (page.state === "draft") return "Draft: not published until its line “draft: true” goes";
    if (page.state === "scheduled") return `Scheduled for ${moment(page.date)}`;
    if (page.state === "expired") return `Expired on ${moment(page.expires)}`;
    const since = page.date ? `Public since ${day(page.date)}` : "Public";
    return page.expires ? `${since}, until ${day(page.expires)}` : since;
  }

  #length(page) {
    return page.words ? `${counted(page.words, "word")}, ${page.minutes} min` : "";
  }

  #count(all, mine) {
    if (!all) return "None";
    const elsewhere = all > mine ? `${mine ? ", " : ""}${counted(all - mine, "problem")} on other pages` : "";
    const words = mine ? `${counted(mine, "problem")} here${elsewhere && elsewhere.replace(/ problems?/, "")}` : elsewhere;
    return make("button", { type: "button", class: "link", onclick: () => this.#problems.showAll(this.#state) }, words);
  }

  #describe(page, count) {
    const rows = [];
    if (page) {
      rows.push(["State", this.#standing(page)]);
      rows.push(["Length", page.words ? `${counted(page.words, "word")}, about ${counted(page.minutes, "minute")} to read` : "no text yet"]);
    }
    rows.push(["Problems", this.#count(count, this.#state.problems.filter((problem) => problem.mine).length)]);
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
        make("button", { type: "button", onclick: (event) => this.#copy(event.target) }, "Copy path"),
        make("button", { type: "button", onclick: () => this.#edit() }, "Open in editor"),
        make("a", { hidden: true }, "See the e-mail"),
      ),
    );
    this.#drafts = make("input", { type: "checkbox", id: "drafts", onchange: () => this.#look() });
    this.#future = make("input", { type: "checkbox", id: "future", onchange: () => this.#look() });
    this.#at = make("input", { type: "date", id: "at", onchange: () => this.#look() });
    this.#now = make("button", { type: "button", onclick: () => this.#today() }, "Today");
    this.#note = make("p", { class: "note", role: "status" });
    return make(
      "div",
      { class: "panel", id: "panel", hidden: true, role: "group", "aria-label": "This page and what is shown" },
      this.#facts,
      this.#source,
      make(
        "fieldset",
        {},
        make("legend", {}, "Show"),
        make("label", { for: "drafts" }, this.#drafts, "Drafts"),
        make("label", { for: "future" }, this.#future, "Scheduled posts"),
        make(
          "p",
          { class: "row" },
          make("label", { for: "at" }, "The site on the evening of"),
          this.#at,
          this.#now,
        ),
      ),
      make(
        "p",
        { class: "row" },
        make("a", { class: "button", href: "/__openletter/phone", onclick: (event) => this.#phone(event) }, "On a phone"),
      ),
      this.#note,
    );
  }

  async #look() {
    const at = this.#at.value ? `${this.#at.value}T23:59:59` : "";
    this.#note.textContent = await this.#send("view", { drafts: this.#drafts.checked, future: this.#future.checked, at });
  }

  #today() {
    this.#at.value = "";
    this.#look();
    this.#at.focus();
  }

  async #copy(button) {
    const code = this.#source.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange(); // over the network browsers give no clipboard: mark it for the user to copy
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  }

  async #edit() {
    const said = await this.#send("edit", { path: this.#state.page.source, line: 1 });
    this.#note.textContent = said || "Opened in your editor.";
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

// Dates are shown as they were written, in the site's zone, wherever the browser is.
function day(text) {
  return written(text, { day: "numeric", month: "short", year: "numeric" });
}

function moment(text) {
  return written(text, { dateStyle: "long", timeStyle: "short" });
}

function written(text, how) {
  return new Date(`${text.slice(0, 19)}Z`).toLocaleString("en-GB", { timeZone: "UTC", ...how });
}

function cross() {
  return make("span", { class: "cross", "aria-hidden": "true" });
}
