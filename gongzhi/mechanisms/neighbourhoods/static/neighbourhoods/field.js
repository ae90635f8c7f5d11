// Doors of one's own buildings. What is to be done there is added by other modules.
import * as outbox from "../field/outbox.js";
import * as pack from "../field/pack.js";
import { again, fill, go, part, screen } from "../field/screens.js";

const at = (id) => document.getElementById(id);
const NONE = { calls: [], buildings: [], purposes: [], notices: [], campaigns: [], emergencies: [] };

export const mine = async () => (await pack.now())?.parts?.neighbourhoods ?? NONE;

const found = (building, one) => ({ ...one, building, said: `${building.name} ${one.name}` });

// The door and its building; nothing where it is not one's own any more.
export const door = async (id) => {
  for (const building of (await mine()).buildings) {
    const one = building.doors.find((each) => each.id === id);
    if (one) return found(building, one);
  }
  return null;
};

const renew = async (how) => {
  if (how !== "sent") return;
  await pack.refresh();
  await again();
};

// Kept first and sent when it can be; then the phone learns how things stand.
export const did = async (what, label, data) => {
  await outbox.append(`neighbourhoods.${what}`, label, data);
  await again();
  outbox.send().then(renew);
};

// What was done of a kind and has not been sent: it comes before what the pack says.
export const waiting = async (what) =>
  (await outbox.waiting())
    .filter(({ kind }) => kind === `neighbourhoods.${what}`)
    .map(({ data }) => data);

// Each is asked for ways, a list of { label, href, note }: from a door, or from all doors.
const ways = [];
const first = [];
export const atDoor = (find) => ways.push(find);
export const atAllDoors = (find) => first.push(find);
const asked = async (finds, ...of) => (await Promise.all(finds.map((find) => find(...of)))).flat();

export const link = (href, text, primary) => {
  const button = document.createElement("a");
  Object.assign(button, { href, textContent: text, className: primary ? "button primary" : "button" });
  return button;
};

// Whoever goes on with the keyboard stays at the door.
const stay = (home) =>
  document.querySelector(`[data-screen]:not([hidden]) [data-home="${home}"] .button`)?.focus();

export const press = (text, { id, name }, act, primary) => {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: text });
  button.className = primary ? "button primary" : "button";
  const of = document.createElement("span");
  Object.assign(of, { className: "unseen", textContent: ` ${name}` });
  button.append(of);
  button.addEventListener("click", async () => {
    await act();
    stay(id);
  });
  return button;
};

export const row = ({ id, name }, state, ...acts) => {
  const line = fill(part("neighbourhoods-row"), { door: name, state });
  line.dataset.home = id;
  line.querySelector(".acts").append(...acts);
  return line;
};

// Building by building, what `draw` makes of each door, after what is said of the building; where it
// makes nothing of any, nothing stands.
export const doorLists = (buildings, draw, about = () => []) =>
  buildings.flatMap((building) => {
    const heading = document.createElement("h2");
    heading.textContent = building.name;
    const list = document.createElement("ul");
    list.className = "field-list";
    list.append(...building.doors.map((one) => draw(found(building, one))).filter(Boolean));
    return list.children.length ? [heading, ...about(building), list] : [];
  });

const doorsOf = (building) => {
  const heading = document.createElement("h2");
  heading.textContent = building.name;
  const doors = document.createElement("div");
  doors.className = "field-choices";
  doors.append(...building.doors.map((one) => link(`#neighbourhoods-door/${one.id}`, one.name)));
  return [heading, doors];
};

screen("neighbourhoods", async () => {
  const { buildings } = await mine();
  const todo = await asked(first);
  at("neighbourhoods-todo").replaceChildren(...todo.map((way) => link(way.href, way.label, true)));
  at("neighbourhoods-doors").replaceChildren(...buildings.flatMap(doorsOf));
  at("neighbourhoods-none").hidden = buildings.length > 0;
}, { isLive: true });

screen("neighbourhoods-door", async (id) => {
  const one = await door(id);
  if (!one) return go("neighbourhoods");
  fill(document.querySelector('[data-screen="neighbourhoods-door"]'), { door: one.said });
  const offered = await asked(ways, one);
  at("neighbourhoods-ways").replaceChildren(...offered.map((way) => link(way.href, way.label, true)));
  at("neighbourhoods-notes").textContent = offered.map((way) => way.note).filter(Boolean).join(" ");
  return undefined;
}, { isLive: true });
