// Small means to make elements, to name addresses and to remember choices.

// Name an address of the preview's own, whatever base the page has.
export function address(path) {
  return new URL(`/__openletter/${path}`, import.meta.url);
}

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const KEY = "openletter-preview";

export function remembered(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}")[name] ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    const all = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    localStorage.setItem(KEY, JSON.stringify({ ...all, [name]: value }));
  } catch {
    // a browser that keeps nothing forgets, and works
  }
}
