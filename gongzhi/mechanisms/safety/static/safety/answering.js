// Item by item: one category is drawn at a time, and a press changes one card and nothing else.
import { smallAll } from "../field/photos.js";
import { fill, go, part, say, screen } from "../field/screens.js";
import * as keeping from "./keeping.js";
import * as voices from "./voices.js";

const words = document.getElementById("safety-words").dataset;
const at = (id) => document.getElementById(id);
const list = at("safety-items");
const PHOTOS = 9; // of one item

let now = null; // { head, said } of the inspection that is open
let category = "";

const count = () => {
  const { asked } = now.head;
  const all = asked.reduce((sum, { items }) => sum + items.length, 0);
  Object.assign(at("safety-progress"), { max: all, value: now.said.size });
  fill(at("safety-bar"), { answered: now.said.size, asked: all });
};

const within = (one) => one.items.filter(({ code }) => now.said.has(code)).length;
const called = (one) => `${one.name} ${within(one)}/${one.items.length}`;

const showPhotos = (card, answer) => {
  const pictures = (answer.photos ?? []).map((blob, n) => {
    const button = part("safety-photo");
    const picture = button.querySelector("img");
    picture.onload = () => URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(blob);
    picture.alt = `${words.photo} ${n + 1}`;
    button.dataset.photo = n;
    return button;
  });
  card.querySelector("[data-photos]").replaceChildren(...pictures);
};

const showVoice = (card, answer) => {
  fill(card, { voice: answer.voice ? `${words.voice} ${answer.seconds} ${words.seconds}` : "" });
  card.querySelector("[data-do=record]").hidden = !voices.can;
  card.querySelector("[data-do=silence]").hidden = !answer.voice;
};

// What is asked of an item that is not met; drawn when it is, and not before.
const showFound = (card, answer) => {
  const place = card.querySelector("[data-found]");
  place.replaceChildren();
  if (answer?.verdict !== "not_met") return;
  const form = part("safety-found");
  form.querySelector("textarea").value = answer.text ?? "";
  form.querySelector("[name=danger]").checked = answer.danger ?? false;
  for (const one of form.querySelectorAll("[data-id]")) one.id = `${one.dataset.id}-${answer.code}`;
  for (const one of form.querySelectorAll("[data-for]")) one.htmlFor = `${one.dataset.for}-${answer.code}`;
  place.append(form);
  showPhotos(card, answer);
  showVoice(card, answer);
};

const showVerdict = (card, answer) => {
  for (const button of card.querySelectorAll("[data-verdict]")) {
    button.setAttribute("aria-pressed", button.dataset.verdict === answer?.verdict);
  }
};

const itemCard = (item) => {
  const card = fill(part("safety-item"), item);
  card.dataset.code = item.code;
  card.id = `safety-item-${item.code}`;
  card.querySelector("[role=group]").setAttribute("aria-label", item.code);
  const answer = now.said.get(item.code);
  showVerdict(card, answer);
  showFound(card, answer);
  return card;
};

const showCategory = (code) => {
  const { asked } = now.head;
  const at_ = Math.max(0, asked.findIndex((one) => one.code === code));
  category = asked[at_].code;
  at("safety-category").value = category;
  list.replaceChildren(...asked[at_].items.map(itemCard));
  at("safety-next").hidden = at_ === asked.length - 1;
  at("safety-next").dataset.code = asked[at_ + 1]?.code ?? "";
};

const recount = () => {
  const one = now.head.asked.find(({ code }) => code === category);
  at("safety-category").selectedOptions[0].textContent = called(one);
  count();
};

const options = () =>
  now.head.asked.map((one) => new Option(called(one), one.code));

export const toItem = (code) => {
  const of = now.head.asked.find(({ items }) => items.some((item) => item.code === code));
  if (of.code !== category) showCategory(of.code);
  const card = at(`safety-item-${code}`);
  card.scrollIntoView({ block: "center" });
  card.querySelector("textarea, [data-verdict]").focus({ preventScroll: true });
};

screen("safety-check", async (id, code) => {
  await keeping.settled();
  now = await keeping.opened(id);
  if (!now) return go("safety");
  const { name, way } = now.head;
  fill(document.querySelector('[data-screen="safety-check"]'), { name, way });
  at("safety-to-finish").href = `#safety-finish/${id}`;
  at("safety-category").replaceChildren(...options());
  const first = keeping.left(now)[0];
  showCategory(now.head.asked.find(({ items }) => items.includes(first))?.code);
  count();
  if (code) setTimeout(() => toItem(code)); // once the screen is seen
  return undefined;
});

at("safety-category").addEventListener("change", ({ target }) => showCategory(target.value));

at("safety-next").addEventListener("click", ({ currentTarget }) => {
  showCategory(currentTarget.dataset.code);
  list.firstElementChild.scrollIntoView({ block: "start" });
  list.querySelector("[data-verdict]").focus({ preventScroll: true });
});

at("safety-jump").addEventListener("click", () => {
  const [first] = keeping.left(now);
  if (first) toItem(first.code);
  else say(words.all);
});

const change = async (code, how) => {
  now.said.set(code, { ...now.said.get(code), ...how });
  await keeping.keep(now, code);
  return now.said.get(code);
};

const answer = async (card, verdict) => {
  const { code } = card.dataset;
  const said = await change(code, { code, verdict });
  showVerdict(card, said);
  if (verdict === "not_met" || card.querySelector("[data-found]").hasChildNodes()) showFound(card, said);
  recount();
};

const record = async (card, button) => {
  const { code } = card.dataset;
  const made = await voices.record(button, words);
  if (!made) return;
  showVoice(card, await change(code, { voice: made.blob, seconds: made.seconds }));
};

const DOES = {
  record,
  silence: async (card) => showVoice(card, await change(card.dataset.code, { voice: null, seconds: 0 })),
  fill: async (card) => {
    const words_ = card.querySelector("textarea");
    words_.value = card.querySelector("[data-of=not_met]").textContent;
    await change(card.dataset.code, { text: words_.value });
  },
};

list.addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  const card = target.closest("[data-code]");
  if (!button || !card) return;
  if (button.dataset.verdict) await answer(card, button.dataset.verdict);
  else if (button.dataset.do) await DOES[button.dataset.do](card, button);
  else if (button.dataset.photo) {
    const gone = Number(button.dataset.photo);
    const photos = now.said.get(card.dataset.code).photos.filter((_, n) => n !== gone);
    showPhotos(card, await change(card.dataset.code, { photos }));
  }
});

list.addEventListener("input", ({ target }) => {
  const { code } = target.closest("[data-code]").dataset;
  if (target.name === "text") change(code, { text: target.value });
  if (target.name === "danger") change(code, { danger: target.checked });
});

list.addEventListener("change", async ({ target }) => {
  if (target.name !== "photos") return;
  const card = target.closest("[data-code]");
  const before = now.said.get(card.dataset.code).photos ?? [];
  const photos = [...before, ...(await smallAll(target.files))].slice(0, PHOTOS);
  target.value = "";
  showPhotos(card, await change(card.dataset.code, { photos }));
});
