// One page, several screens; the address after # says which, so that the phone's own back works.
const known = new Map();
const live = new Set();

// `live` screens may be shown anew at any time: nobody is writing there. What is said of a screen again
// is added to it.
export const screen = (name, show, { isLive = false } = {}) => {
  known.set(name, [...(known.get(name) ?? []), show]);
  if (isLive) live.add(name);
};
export const go = (path) => {
  if (location.hash === `#${path}`) shown();
  else location.hash = path;
};

export const part = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);

// Fills what carries data-of with the value of that name, as text and never as markup.
export const fill = (node, values) => {
  for (const [name, value] of Object.entries(values)) {
    for (const one of node.querySelectorAll(`[data-of="${name}"]`)) one.textContent = value ?? "";
  }
  return node;
};

// What was written into a form; its files go another way.
export const filledIn = (form) => {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (!(value instanceof File)) (found[name] ??= []).push(value);
  }
  return found;
};

export const day = (text) =>
  new Date(text).toLocaleDateString(document.documentElement.lang, { month: "short", day: "numeric" });
export const moment = (text) =>
  new Date(text).toLocaleString(document.documentElement.lang, {
    month: "short", day: "numeric", hour: "2-digit", minute: "2-digit",
  });

const wantedNow = () => {
  const [name, ...given] = location.hash.slice(1).split("/");
  return known.has(name) ? [name, ...given] : ["home"];
};

const draw = async (name, given) => {
  for (const show of known.get(name)) await show(...given);
};

// Something has changed behind the screen.
export const again = async () => {
  const [name, ...given] = wantedNow();
  if (live.has(name)) await draw(name, given);
};

export const shown = async () => {
  const [wanted, ...given] = wantedNow();
  await draw(wanted, given);
  for (const one of document.querySelectorAll("[data-screen]")) {
    one.hidden = one.dataset.screen !== wanted;
  }
  const heading = document.querySelector("[data-screen]:not([hidden]) h1");
  if (wanted !== "home") heading?.focus();
  window.scrollTo(0, 0);
};

export const say = (text, tone = "good") => {
  const note = document.getElementById("said");
  note.className = `notice ${tone}`;
  note.textContent = text;
  note.hidden = !text;
};

export const start = () => {
  window.addEventListener("hashchange", shown);
  // Whoever goes on has read what was said.
  document.addEventListener("click", (event) => event.target.closest("a") && say(""));
  return shown();
};
