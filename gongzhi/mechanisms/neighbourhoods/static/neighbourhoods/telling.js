// Notices told at the door: which doors have not heard, one tap for each.
import { fill, go, say, screen } from "../field/screens.js";
import { atAllDoors, did, doorLists, mine, press, row, waiting } from "./field.js";

const words = document.getElementById("neighbourhoods-telling").dataset;
const at = (id) => document.getElementById(id);

// Told here and not sent yet, by the last tap at each door; nothing where none was tapped.
const tapped = async (id) => {
  const taps = (await waiting("told_at_door")).filter((one) => one.notice === id);
  return new Map(taps.map((one) => [one.household, !one.undo]));
};

const leftIn = (building, id, taps) =>
  (building.notices[id] ?? []).filter((home) => !taps.get(home));

const leftOf = async (id) => {
  const [{ buildings }, taps] = [await mine(), await tapped(id)];
  return buildings.flatMap((building) => leftIn(building, id, taps)).length;
};

atAllDoors(async () => {
  const { notices } = await mine();
  const left = await Promise.all(notices.map(async (one) => [one, await leftOf(one.id)]));
  return left.filter(([, n]) => n).map(([one, n]) => (
    { label: `${words.tell}${one.title}${words.left}${n}`, href: `#neighbourhoods-notice/${one.id}` }
  ));
});

const tap = async (notice, door, undo) => {
  const label = `${undo ? words.untold : words.told}${notice.title} · ${door.said}`;
  await did("told_at_door", label, { notice: notice.id, n: notice.n, household: door.id, undo });
  say(undo ? words.taken : words.kept);
};

screen("neighbourhoods-notice", async (id) => {
  const [{ buildings, notices }, taps] = [await mine(), await tapped(id)];
  const notice = notices.find((one) => one.id === id);
  if (!notice) return go("neighbourhoods");
  const { title, text } = notice;
  const left = await leftOf(id);
  fill(document.querySelector('[data-screen="neighbourhoods-notice"]'), { title, text, left });
  const draw = (door) => {
    if (taps.get(door.id)) {
      return row(door, words.noted, press(words.undo, door, () => tap(notice, door, true)));
    }
    if (!(door.building.notices[id] ?? []).includes(door.id)) return null;
    return row(door, "", press(words.tap, door, () => tap(notice, door, false), true));
  };
  at("neighbourhoods-notice-doors").replaceChildren(...doorLists(buildings, draw));
  at("neighbourhoods-notice-none").hidden = left > 0;
  return undefined;
}, { isLive: true });
