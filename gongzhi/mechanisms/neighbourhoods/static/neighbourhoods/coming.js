// Campaigns of today: how many of each household came, one tap for a household.
import { fill, go, say, screen } from "../field/screens.js";
import { atAllDoors, did, door, doorLists, link, mine, press, row, waiting } from "./field.js";

const words = document.getElementById("neighbourhoods-coming").dataset;
const at = (id) => document.getElementById(id);
const TAPS = [1, 2, 3, 4, 5];

// Who came as noted here, then as the pack says: a function from a door to a number.
const counting = async (id) => {
  const noted = (await waiting("came")).filter((one) => one.campaign === id);
  const here = new Map(noted.map((one) => [one.household, one.people]));
  return (one) => here.get(one.id) ?? one.building.campaigns[id]?.came[one.id] ?? 0;
};

const campaign = async (id) => (await mine()).campaigns.find((one) => one.id === id);

atAllDoors(async () =>
  (await mine()).campaigns.map((one) => (
    { label: words.check + one.name, href: `#neighbourhoods-campaign/${one.id}` }
  )));

const came = (of, one, people) => {
  const label = `${words.check}${of.name} · ${one.said} · ${words.people}${people}`;
  return did("came", label, { campaign: of.id, household: one.id, people });
};

const taps = (of, one) => {
  const some = document.createElement("span");
  some.className = "field-taps";
  some.setAttribute("role", "group");
  some.setAttribute("aria-label", `${one.name} ${words.howMany}`);
  some.append(...TAPS.map((n) => press(n, one, () => came(of, one, n))));
  some.append(link(`#neighbourhoods-people/${of.id}/${one.id}`, words.more));
  return some;
};

const when = (building, id) => {
  const times = document.createElement("div");
  // Our own server drew the times, with everything in them escaped.
  times.innerHTML = building.campaigns[id].when;
  return [times];
};

screen("neighbourhoods-campaign", async (id) => {
  const [{ buildings }, of, count] = [await mine(), await campaign(id), await counting(id)];
  if (!of) return go("neighbourhoods");
  const { name, guidance } = of;
  fill(document.querySelector('[data-screen="neighbourhoods-campaign"]'), { name, guidance });
  const here = buildings.filter((building) => building.campaigns[id]);
  const draw = (one) => {
    const n = count(one);
    return n
      ? row(one, words.people + n, press(words.undo, one, () => came(of, one, 0)))
      : row(one, "", taps(of, one));
  };
  const lists = doorLists(here, draw, (building) => when(building, id));
  at("neighbourhoods-campaign-doors").replaceChildren(...lists);
  return undefined;
}, { isLive: true });

let shown = null;

screen("neighbourhoods-people", async (id, home) => {
  const [of, one] = [await campaign(id), await door(home)];
  if (!of || !one) return go("neighbourhoods");
  shown = { of, one };
  fill(document.querySelector('[data-screen="neighbourhoods-people"]'), { name: of.name, door: one.said });
  at("neighbourhoods-people").reset();
  at("neighbourhoods-people-back").href = `#neighbourhoods-campaign/${id}`;
  return undefined;
});

at("neighbourhoods-people").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { of, one } = shown;
  await came(of, one, event.target.elements.people.valueAsNumber);
  go(`neighbourhoods-campaign/${of.id}`);
  say(words.kept);
});
