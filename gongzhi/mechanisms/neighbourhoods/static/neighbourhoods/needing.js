// What households need in an emergency, asked door by door.
import { fill, filledIn, go, say, screen } from "../field/screens.js";
import { atAllDoors, atDoor, did, door, doorLists, link, mine, row, waiting } from "./field.js";

const words = document.getElementById("neighbourhoods-needing").dataset;
const at = (id) => document.getElementById(id);

const noted = async (id) =>
  new Set((await waiting("need")).filter((one) => one.emergency === id).map((one) => one.household));

const isLeft = (one, id) => (one.building.emergencies[id] ?? []).includes(one.id);
const emergency = async (id) => (await mine()).emergencies.find((one) => one.id === id);
const formOf = (id, home) => `#neighbourhoods-need/${id}/${home}`;

atAllDoors(async () =>
  (await mine()).emergencies.map((one) => (
    { label: words.ask + one.name, href: `#neighbourhoods-emergency/${one.id}` }
  )));

atDoor(async ({ id, building }) => {
  const over = (await mine()).emergencies.filter((one) => building.emergencies[one.id]);
  return Promise.all(over.map(async (one) => ({
    label: words.ask + one.name, href: formOf(one.id, id),
    note: (await noted(one.id)).has(id) ? words.ask + words.noted : "",
  })));
});

screen("neighbourhoods-emergency", async (id) => {
  const [{ buildings }, of, done] = [await mine(), await emergency(id), await noted(id)];
  if (!of) return go("neighbourhoods");
  const draw = (one) => {
    if (done.has(one.id)) return row(one, words.noted);
    return isLeft(one, id) ? row(one, "", link(formOf(id, one.id), words.door, true)) : null;
  };
  const lists = doorLists(buildings, draw);
  fill(document.querySelector('[data-screen="neighbourhoods-emergency"]'), { name: of.name, kind: of.kind });
  at("neighbourhoods-emergency-doors").replaceChildren(...lists);
  at("neighbourhoods-emergency-none").hidden = lists.length > 0;
  return undefined;
}, { isLive: true });

let shown = null;

screen("neighbourhoods-need", async (id, home) => {
  const [of, one] = [await emergency(id), await door(home)];
  if (!of || !one) return go("neighbourhoods");
  shown = { of, one };
  fill(document.querySelector('[data-screen="neighbourhoods-need"]'), { name: of.name, door: one.said });
  // Our own server drew this form, with everything in it escaped.
  at("neighbourhoods-need-fields").innerHTML = of.form;
  at("neighbourhoods-need-back").href = `#neighbourhoods-emergency/${id}`;
  return undefined;
});

at("neighbourhoods-need").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { of, one } = shown;
  const data = { emergency: of.id, household: one.id, said: filledIn(event.target) };
  await did("need", `${words.ask}${of.name} · ${one.said}`, data);
  // What was typed must not stand there for the next door.
  at("neighbourhoods-need-fields").replaceChildren();
  go(`neighbourhoods-emergency/${of.id}`);
  say(words.kept);
});
