// What happens elsewhere shows on an open page, and nothing that is being worked on is taken away.
const news = document.getElementById("news");
const said = news.dataset;
const tabs = new BroadcastChannel(`live-${said.post}`);

const changed = (one) => one.value !== one.defaultValue || one.checked !== one.defaultChecked;

const busy = (part) =>
  part.contains(document.activeElement) ||
  part.querySelector("details[open]") !== null ||
  [...part.querySelectorAll("input, textarea")].some(changed);

const tell = (text, href) => {
  const note = document.createElement("p");
  note.className = "notice";
  const link = document.createElement("a");
  link.href = href;
  link.textContent = text;
  // Whoever is writing goes on writing.
  if (document.querySelector("main form[method=post] textarea, main form[data-draft]")) link.target = "_blank";
  note.append(link);
  news.replaceChildren(note);
};

const renew = (part) => window.htmx.trigger(part, "news");

const concerned = (heard) =>
  [...document.querySelectorAll("[data-live]")].filter(
    (part) => !heard.case || !part.dataset.live || part.dataset.live === heard.case,
  );

const hear = (heard) => {
  const parts = concerned(heard);
  const held = parts.filter(busy);
  parts.filter((part) => !held.includes(part)).forEach(renew);
  if (heard.case === undefined) return;
  const shown = parts.some((part) => part.id && !held.includes(part));
  if (held.length) tell(said.refresh, location.href);
  else if (shown) news.replaceChildren(Object.assign(document.createElement("p"), { className: "unseen", textContent: said.updated }));
  else tell(heard.mine ? said.mine : said.look, heard.case ? `/desk/cases/${heard.case}/` : "/desk/");
};

// Not all pages look anew at the same moment.
const later = (heard) => setTimeout(hear, Math.random() * (heard.within ?? 0) * 1000, heard);

const spread = (heard) => {
  later(heard);
  tabs.postMessage(heard);
};

const listen = () => {
  const stream = new EventSource("/live/");
  stream.addEventListener("news", (event) => spread(JSON.parse(event.data)));
  stream.addEventListener("refresh", (event) => spread(JSON.parse(event.data)));
};

tabs.addEventListener("message", (event) => later(event.data));

// A session that ran out answers with another page: what is shown stays.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  if (target.id && target.matches("[data-live]") && !serverResponse.includes(`id="${target.id}"`)) {
    event.detail.shouldSwap = false;
  }
});

// One stream for all tabs: the tab that holds the lock listens, and tells the others.
if (navigator.locks) {
  const began = performance.now();
  navigator.locks.request(`live-${said.post}`, () => {
    if (performance.now() - began > 1000) hear({}); // it was another tab's until now
    listen();
    return new Promise(() => {});
  });
} else listen();
