// Doors of one's own buildings. What can be done at a door is added by other modules: `atDoor`.
import * as pack from "../field/pack.js";
import { fill, go, screen } from "../field/screens.js";

const at = (id) => document.getElementById(id);
const NONE = { buildings: [], purposes: [] };

export const mine = async () => (await pack.now())?.parts?.neighbourhoods ?? NONE;

// The door and its building; nothing where it is not one's own any more.
export const door = async (id) => {
  for (const building of (await mine()).buildings) {
    const found = building.doors.find((one) => one.id === id);
    if (found) return { ...found, building, said: `${building.name} ${found.name}` };
  }
  return null;
};

// Each is asked for the ways from a door: a list of { label, href, note }.
const ways = [];
export const atDoor = (find) => ways.push(find);

const link = (href, text, primary) => {
  const button = document.createElement("a");
  Object.assign(button, { href, textContent: text, className: primary ? "button primary" : "button" });
  return button;
};

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
  at("neighbourhoods-doors").replaceChildren(...buildings.flatMap(doorsOf));
  at("neighbourhoods-none").hidden = buildings.length > 0;
});

screen("neighbourhoods-door", async (id) => {
  const found = await door(id);
  if (!found) return go("neighbourhoods");
  fill(document.querySelector('[data-screen="neighbourhoods-door"]'), { door: found.said });
  const offered = (await Promise.all(ways.map((find) => find(found)))).flat();
  at("neighbourhoods-ways").replaceChildren(...offered.map((way) => link(way.href, way.label, true)));
  at("neighbourhoods-notes").textContent = offered.map((way) => way.note).filter(Boolean).join(" ");
  return undefined;
});
