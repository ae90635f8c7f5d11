// One's own open cases and what can be done about them here; the forms came with the pack.
import * as outbox from "./outbox.js";
import * as pack from "./pack.js";
import { smallAll } from "./photos.js";
import { day, fill, filledIn, go, part, say, screen } from "./screens.js";

const words = document.getElementById("words").dataset;
const sameCase = (a, b) => a?.[1] === b?.[1];

const row = (one, done) => {
  const line = fill(part("case-row"), {
    title: one.title, number: one.number, place: one.place,
    state: done ? `${words.noted}${done.label}` : one.state,
    due: one.due_at ? `${words.until}${day(one.due_at)}` : "",
  });
  line.querySelector("a").href = `#case/${one.case[1]}`;
  line.querySelector(".tag").hidden = !one.urgent;
  return line;
};

screen("cases", async () => {
  const [{ cases = [] } = {}, waiting] = [await pack.now(), await outbox.unsettled()];
  const list = document.getElementById("cases");
  const doneTo = (one) => waiting.findLast((o) => sameCase(o.data?.case, one.case));
  list.replaceChildren(...cases.map((one) => row(one, doneTo(one))));
  document.getElementById("no-cases").hidden = cases.length > 0;
}, { isLive: true });

const doing = (one, act) => {
  const fold = part("case-act");
  fill(fold, { act: act.label });
  const form = fold.querySelector("form");
  // Our own server drew this form, with everything in it escaped.
  form.querySelector("[data-fields]").innerHTML = act.form;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = await smallAll([...form.querySelectorAll("[type=file]")].flatMap((f) => [...f.files]));
    const data = { case: one.case, act: act.name, said: filledIn(form) };
    await outbox.append("act", act.label, data, files);
    go("cases");
    say(words.kept);
    outbox.send();
  });
  return fold;
};

screen("case", async (id) => {
  const { cases = [] } = (await pack.now()) ?? {};
  const one = cases.find((c) => c.case[1] === id);
  if (!one) return go("cases");
  const shown = document.querySelector('[data-screen="case"]');
  fill(shown, { title: one.title, number: one.number, place: one.place, state: one.state });
  document.getElementById("case-acts").replaceChildren(...one.acts.map((act) => doing(one, act)));
  return undefined;
});
