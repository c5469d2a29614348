// The words of the preview's own tools, in the language of the site: the server puts the catalogue's answers into `KNOWN`.
// `plurals` holds the forms of a message, and which of them goes with each number from 0 to 199.

const KNOWN = { language: "en", messages: {}, plurals: {} };

export const LANGUAGE = KNOWN.language === "en" ? "en-GB" : KNOWN.language;

export function gettext(message, values = {}) {
  return filled(KNOWN.messages[message] ?? message, values);
}

export function ngettext(singular, plural, count) {
  const { forms, which } = KNOWN.plurals[singular] ?? {};
  const form = forms ? forms[which[count < which.length ? count : 100 + (count % 100)]] : count === 1 ? singular : plural;
  return filled(form, { num: count.toLocaleString(LANGUAGE) });
}

function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
}
