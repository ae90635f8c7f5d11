// The end of an inspection: what is left, signatures, and into what is to be sent. Files go first, each
// item's by itself, so that no request is large and the hazards have them when they begin.
import * as outbox from "../field/outbox.js";
import { fill, go, say, screen } from "../field/screens.js";
import * as keeping from "./keeping.js";

const words = document.getElementById("safety-words").dataset;
const at = (id) => document.getElementById(id);
const form = at("safety-finish");
let now = null;

const silent = () =>
  [...now.said.values()].filter(({ verdict, text }) => verdict === "not_met" && !text?.trim());

const tally = (verdict) => [...now.said.values()].filter((one) => one.verdict === verdict).length;

screen("safety-finish", async (id) => {
  await keeping.settled();
  now = await keeping.opened(id);
  if (!now) return go("safety");
  const [unanswered, [wordless]] = [keeping.left(now), silent()];
  fill(document.querySelector('[data-screen="safety-finish"]'), {
    name: now.head.name, met: tally("met"), not_met: tally("not_met"),
    not_applicable: tally("not_applicable"), left: unanswered.length,
  });
  at("safety-left").hidden = !unanswered.length;
  at("safety-left-link").href = `#safety-check/${id}/${unanswered[0]?.code ?? ""}`;
  at("safety-silent").hidden = !wordless;
  at("safety-silent-link").href = `#safety-check/${id}/${wordless?.code ?? ""}`;
  at("safety-send").disabled = Boolean(wordless) || !now.said.size;
  at("safety-back").href = `#safety-check/${id}`;
  for (const button of form.querySelectorAll("[data-clear]")) button.click();
  // A canvas has no size before it is seen.
  setTimeout(() => window.dispatchEvent(new Event("resize")));
  return undefined;
});

const exhibits = async ({ inspection }) => {
  for (const { code, verdict, photos = [], voice } of now.said.values()) {
    const files = verdict === "not_met" ? [...photos, voice].filter(Boolean) : [];
    if (files.length) await outbox.append("safety.exhibit", `${words.exhibit}${code}`, { inspection, code }, files);
  }
};

// As the canvas gave it: a picture behind "data:".
const drawn = (address) => {
  const bytes = atob(address.split(",")[1]);
  return new Blob([Uint8Array.from(bytes, (sign) => sign.charCodeAt(0))], { type: "image/png" });
};

const signatures = async ({ inspection }) => {
  for (const what of ["inspector", "present"]) {
    const { value } = form.elements[what];
    if (value) await outbox.append("safety.exhibit", words[what], { inspection, what }, [drawn(value)]);
  }
};

const found = () =>
  Object.fromEntries([...now.said.values()]
    .filter(({ verdict }) => verdict === "not_met")
    .map(({ code, text, danger = false }) => [code, { text, danger }]));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  at("safety-send").disabled = true;
  const { head, said } = now;
  const { inspection, site, kind, edition, check_of, categories, packed_at, began_at, longitude, latitude } = head;
  const verdicts = Object.fromEntries([...said.values()].map(({ code, verdict }) => [code, verdict]));
  await exhibits(head);
  await signatures(head);
  await outbox.append("safety.inspection", `${head.way} ${head.name}`, {
    inspection, site, kind, edition, check_of, categories, packed_at, began_at, longitude, latitude,
    verdicts, found: found(),
  });
  await keeping.ended(inspection);
  go("home");
  say(words.kept);
  outbox.send();
});

at("safety-drop").addEventListener("click", async () => {
  if (!window.confirm(words.sure)) return;
  await keeping.ended(now.head.inspection);
  go("safety");
  say(words.dropped);
});
