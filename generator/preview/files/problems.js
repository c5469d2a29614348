// The problems over the last good page: what the terminal says, with the lines of the source around the place.

import { make } from "./elements.js";
import { gettext, LANGUAGE, ngettext } from "./words.js";

const DISMISSED = "openletter-dismissed";
const LEVELS = { error: gettext("Error"), warning: gettext("Warning"), note: gettext("Note") };

export class Problems {
  #send;
  #panel;
  #list;
  #title;
  #status;
  #shown = [];

  constructor(root, send) {
    this.#send = send;
    this.#title = make("h2", { id: "problems-title" });
    this.#list = make("ol", { class: "list", tabindex: "0", "aria-labelledby": "problems-title" });
    this.#status = make("p", { class: "unseen", role: "status" });
    this.#panel = make(
      "section",
      { class: "problems", "aria-labelledby": "problems-title", hidden: true },
      make(
        "header",
        {},
        this.#title,
        make("button", { type: "button", class: "plain", onclick: () => this.dismiss() }, gettext("Dismiss")),
      ),
      this.#list,
    );
    this.#panel.addEventListener("keydown", (event) => event.key === "Escape" && this.dismiss());
    root.append(make("aside", { class: "over", "aria-label": gettext("Problems of the preview") }, this.#panel, this.#status));
  }

  get open() {
    return !this.#panel.hidden;
  }

  // Show errors wherever they are, and warnings of this page; a list that was dismissed stays so until it changes.
  show(state) {
    const wanted = state.problems.filter((problem) => problem.level === "error" || problem.mine);
    const { counts, mine } = state;
    const elsewhere = counts.warnings - mine.warnings + counts.notes - mine.notes;
    const key = JSON.stringify(wanted.map(({ path, line, code, message }) => [path, line, code, message]));
    this.#fill(wanted, { ...mine, errors: counts.errors }, elsewhere);
    this.#panel.hidden = wanted.length === 0 || read(DISMISSED) === key;
    this.#panel.dataset.key = key;
    this.#status.textContent = this.open ? this.#title.textContent : "";
  }

  // Show every problem there is, when asked to.
  showAll(state) {
    this.#fill(state.problems, state.counts, 0);
    this.#panel.hidden = false;
    this.#list.focus();
  }

  dismiss() {
    write(DISMISSED, this.#panel.dataset.key);
    this.#panel.hidden = true;
  }

  // The head counts all there are, also those that a long list leaves out; `elsewhere` are those of other pages.
  #fill(problems, { errors, warnings, notes }, elsewhere) {
    this.#panel.classList.toggle("calm", errors === 0);
    const said = [
      errors && ngettext("%(num)s error", "%(num)s errors", errors),
      warnings && ngettext("%(num)s warning", "%(num)s warnings", warnings),
      notes && ngettext("%(num)s note", "%(num)s notes", notes),
    ].filter(Boolean);
    this.#title.textContent = said.join(", ") || gettext("No problems");
    const unlisted = errors + warnings + notes - problems.length;
    const shown = problems.length.toLocaleString(LANGUAGE);
    const more = [
      unlisted > 0 && gettext("the first %(count)s are listed", { count: shown }),
      elsewhere > 0 && gettext("%(count)s more on other pages", { count: elsewhere.toLocaleString(LANGUAGE) }),
    ];
    this.#title.append(make("small", {}, more.filter(Boolean).map((words) => `; ${words}`).join("")));
    if (JSON.stringify(problems) === JSON.stringify(this.#shown)) return;
    this.#shown = problems;
    this.#list.replaceChildren(...problems.map((problem) => this.#card(problem)));
  }

  #card(problem) {
    const place = [problem.path, problem.line, problem.column].filter(Boolean).join(":");
    return make(
      "li",
      { class: problem.level },
      make(
        "p",
        { class: "place" },
        make("strong", {}, LEVELS[problem.level]),
        " ",
        make("code", {}, place || "openletter"),
        problem.path
          ? make("button", { type: "button", class: "plain", onclick: (event) => this.#edit(event.target, problem) }, gettext("Open in editor"))
          : null,
      ),
      make("p", { class: "message" }, problem.message, " ", make("span", { class: "hint" }, problem.hint)),
      problem.lines.length ? lines(problem) : null,
      make("p", { class: "code" }, problem.code),
    );
  }

  async #edit(button, problem) {
    const said = await this.#send("edit", { path: problem.path, line: problem.line || 1 });
    button.textContent = said || gettext("Opened");
  }
}

function lines(problem) {
  const block = make("pre", { tabindex: "0", "aria-label": gettext("The source around the problem") });
  for (const [number, text] of problem.lines) {
    const here = number === problem.line;
    const at = here && problem.column > 0 ? problem.column - 1 : -1;
    const written =
      at >= 0 && at < text.length ? [text.slice(0, at), make("mark", {}, text.slice(at).match(/^(?:[\p{L}\p{N}_-]+|.)/su)[0])] : [text];
    if (written.length > 1) written.push(text.slice(at + written[1].textContent.length));
    block.append(make("span", { class: here ? "line here" : "line" }, make("i", {}, String(number)), ...written, "\n"));
  }
  return block;
}

function read(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // dismissed for this page alone
  }
}
