// A patrol on a motorbike: start, the way, stops, hazards in three taps, finish. All of it on the phone.
import * as outbox from "../field/outbox.js";
import * as pack from "../field/pack.js";
import { smallAll } from "../field/photos.js";
import { day, fill, go, moment, part, say, screen } from "../field/screens.js";
import * as spots from "../field/spots.js";

const words = document.getElementById("roads-words").dataset;
const at = (id) => document.getElementById(id);
const shown = (name) => document.querySelector(`[data-screen="${name}"]`);
const NEAR = 100; // metres from a section within which one is on it

const mine = async () => (await pack.now())?.parts?.roads ?? { stretches: [], matters: [], place: "" };

// One change after another, so that no point of the way is written over a hazard that was found.
let last = Promise.resolve();
const change = (how) => {
  last = last.then(async () => {
    const patrol = await pack.running();
    if (patrol) await pack.run(how(patrol));
    return patrol;
  });
  return last;
};
const running = () => last.then(pack.running);
const since = (patrol) => Math.round((Date.now() - Date.parse(patrol.began)) / 1000);

// Only while a patrol runs is the way looked at.
const follow = (here) =>
  change((patrol) => {
    const point = [...here.map((n) => Number(n.toFixed(6))), since(patrol)];
    const { track } = patrol;
    return spots.tells(track.at(-1), point) ? { ...patrol, track: [...track, point] } : patrol;
  }).then(() => screenNow());

// The nearest stretch; without a position, the most pressing one.
const nearby = (stretches) => {
  const here = spots.position();
  const drawn = stretches.filter((one) => one.line.length > 1);
  return (here && spots.nearest(here, drawn)) ?? stretches[0];
};

const sectionAt = (stretches) => {
  const [here, near] = [spots.position(), nearby(stretches)];
  return here && near && spots.toLine(here, near.line) <= NEAR ? near : null;
};

const where = (stretches) => sectionAt(stretches)?.name ?? (spots.position() ? "" : words.unknown);
const km = (patrol) => (spots.lengthOf(patrol.track) / 1000).toFixed(1);

screen("roads", async () => {
  if (await running()) return go("roads-patrol");
  const { stretches } = await mine();
  at("roads-stretches").replaceChildren(...stretches.map((one) => {
    const { name, road } = one;
    const line = fill(part("roads-stretch"), { name, road, due: words.due + day(one.due_on) });
    line.querySelector(".tag").hidden = !one.overdue;
    return line;
  }));
  at("roads-none").hidden = stretches.length > 0;
  return undefined;
});

at("roads-start").addEventListener("click", async () => {
  const patrol = crypto.randomUUID();
  const began = new Date().toISOString();
  await outbox.append("roads.begin", words.begin, { patrol });
  await pack.run({ screen: "roads-patrol", patrol, began, track: [], stops: [], found: 0 });
  go("roads-patrol");
});

const screenNow = async () => {
  const [patrol, { stretches }] = [await running(), await mine()];
  if (!patrol) return null;
  const told = { began: moment(patrol.began), km: km(patrol), where: where(stretches) };
  fill(shown("roads-patrol"), { ...told, found: patrol.found, stops: patrol.stops.length });
  fill(shown("roads-finding"), told);
  return patrol;
};

screen("roads-patrol", async () => {
  if (!(await screenNow())) return go("roads");
  spots.watch(follow);
  return undefined;
});

at("roads-stop").addEventListener("click", async () => {
  const here = spots.position();
  if (!here) return say(words.unknown, "warn");
  await change((patrol) => {
    const [longitude, latitude] = here;
    const stop = { id: crypto.randomUUID(), after: since(patrol), longitude, latitude };
    return { ...patrol, stops: [...patrol.stops, stop] };
  });
  await screenNow();
  return say(words.stopped);
});

// The matter that is chosen: a group, then one of its matters.
let chosen = null;

const press = (of, button) => {
  for (const one of of.children) one.setAttribute("aria-pressed", one === button);
};

const matterButton = (one) => {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: one.label });
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    chosen = one;
    press(at("roads-matters"), button);
  });
  return button;
};

const groupButton = (group) => {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: group.label });
  button.addEventListener("click", () => {
    chosen = null;
    press(at("roads-groups"), button);
    at("roads-matters").replaceChildren(...group.matters.map(matterButton));
  });
  return button;
};

const showPhotos = () => {
  const pictures = [...at("roads-photos").files].map((file) => {
    const picture = new Image();
    picture.onload = () => URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(file);
    picture.alt = file.name;
    return picture;
  });
  at("roads-photos-shown").replaceChildren(...pictures);
};

at("roads-photos").addEventListener("change", showPhotos);

screen("roads-finding", async () => {
  const { matters } = await mine();
  at("roads-finding").reset();
  showPhotos();
  at("roads-groups").replaceChildren(...matters.map(groupButton));
  at("roads-groups").firstElementChild?.click();
  await screenNow();
  spots.watch(follow);
});

at("roads-finding").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!chosen) return say(words.choose, "warn");
  const form = event.target;
  const [{ stretches, place }, patrol] = [await mine(), await running()];
  const [longitude, latitude] = spots.position() ?? [null, null];
  const [section, near] = [sectionAt(stretches), nearby(stretches)];
  const data = {
    patrol: patrol?.patrol ?? null, section: section?.id ?? null, place: near?.place ?? place,
    category: chosen.name, text: form.elements.text.value, danger: form.elements.danger.checked,
    longitude, latitude,
  };
  const files = await smallAll(form.elements.photos.files);
  await outbox.append("roads.finding", words.finding + chosen.label, data, files);
  await change((one) => ({ ...one, found: one.found + 1 }));
  go("roads-patrol");
  outbox.send();
  return say(words.kept);
});

screen("roads-finish", async () => {
  const [patrol, { stretches }] = [await screenNow(), await mine()];
  if (!patrol) return go("roads");
  const passed = stretches.filter((one) =>
    patrol.track.some((point) => spots.toLine(point, one.line) <= NEAR),
  );
  fill(shown("roads-finish"), {
    took: `${Math.round(since(patrol) / 60)} ${words.minutes}`, km: km(patrol),
    result: patrol.found ? `${patrol.found} ${words.places}` : words.nothing,
    passed: passed.map((one) => one.name).join("、") || words.none,
  });
  return undefined;
});

at("roads-finish").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { patrol, track, stops, found } = await running();
  const note = event.target.elements.note.value;
  await outbox.append("roads.finish", words.finish, { patrol, track, stops, found, note });
  spots.unwatch(follow);
  await pack.ended();
  event.target.reset();
  go("home");
  outbox.send();
  say(words.kept);
});
