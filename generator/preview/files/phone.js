// A page of the site in a frame as wide as a phone: its style sheets see that width.

const frame = document.querySelector("iframe");
const back = document.querySelector("header a");
const buttons = [...document.querySelectorAll("button")];
const KEY = "openletter-phone";

function choose(width) {
  frame.style.inlineSize = `${width}px`;
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.width === width));
  try {
    localStorage.setItem(KEY, width);
  } catch {
    // forgotten, then
  }
}

function width() {
  try {
    const kept = localStorage.getItem(KEY);
    return buttons.some((button) => button.dataset.width === kept) ? kept : "390";
  } catch {
    return "390";
  }
}

for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.width));
frame.addEventListener("load", () => {
  const { pathname, search, hash } = frame.contentWindow.location;
  if (pathname.startsWith("/") && !pathname.startsWith("/__openletter/")) back.href = pathname + search + hash;
  document.title = frame.contentDocument?.title || document.title;
});

choose(width());
const asked = new URL(new URLSearchParams(location.search).get("url") || "/", location.origin);
frame.src = asked.origin === location.origin ? asked.pathname + asked.search + asked.hash : "/";
