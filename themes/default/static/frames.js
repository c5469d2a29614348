// Load what another host shows, a film or a discussion, only when a reader asks for it. Until then the page has a plain
// link. An element with data-frame-text gets a button with those words; a click replaces it with the frame of data-frame.
// Without a frame the element gets the event "show", and another script of the page does the rest.
for (const holder of document.querySelectorAll("[data-frame-text]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "frame-button";
  button.setAttribute("aria-label", `${holder.dataset.frameTitle}. ${holder.dataset.frameText}`);
  const words = document.createElement("span");
  words.textContent = holder.dataset.frameText;
  const picture = holder.querySelector("picture, img");
  button.append(...(picture ? [picture] : []), words);
  button.addEventListener("click", () => {
    if (!holder.dataset.frame) {
      button.remove();
      holder.tabIndex = -1;
      holder.focus();
      holder.dispatchEvent(new Event("show"));
      return;
    }
    const frame = document.createElement("iframe");
    frame.title = holder.dataset.frameTitle;
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.src = holder.dataset.frame;
    button.replaceWith(frame);
    frame.focus();
  });
  holder.prepend(button);
}
