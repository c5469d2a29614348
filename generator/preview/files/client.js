const own = document.querySelector("script[data-openletter]");
const facts = JSON.parse(own.dataset.openletter);
own.remove();
const query = new URLSearchParams({ path: facts.path, build: facts.build, session: facts.session });
const source = new EventSource(`/__openletter/events?${query}`);
source.onmessage = (event) => {
  const state = JSON.parse(event.data);
  if (state.update === "page") location.reload();
};
