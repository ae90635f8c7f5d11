// Which site, and as what it is inspected; what has begun goes on.
import { day, fill, go, part, say, screen } from "../field/screens.js";
import * as pack from "../field/pack.js";
import { metres } from "../field/spots.js";
import * as keeping from "./keeping.js";

const words = document.getElementById("safety-words").dataset;
const at = (id) => document.getElementById(id);
const shown = (name) => document.querySelector(`[data-screen="${name}"]`);

const hazards = (site) => site.hazards.map(({ label, n }) => `${label} ${n}`).join(" · ");

const siteRow = (site) => {
  const due = site.ways.find((way) => way.due)?.due;
  const line = fill(part("safety-site-row"), {
    ...site, hazards: hazards(site) || words.none, due: due ? words.due + day(due) : "",
  });
  line.querySelector("a").href = `#safety-site/${site.id}`;
  line.querySelector(".tag").hidden = !due;
  line.dataset.said = `${site.name} ${site.firm} ${site.address}`;
  line.dataset.site = site.id;
  return line;
};

const narrow = () => {
  const said = at("safety-search").value.trim();
  for (const line of at("safety-sites").children) line.hidden = !line.dataset.said.includes(said);
};

const goesOn = async (one) => {
  const { said } = await keeping.opened(one.inspection);
  const link = fill(part("safety-goes-on"), {
    name: one.name, answered: said.size, asked: one.asked.flatMap(({ items }) => items).length,
  });
  link.href = `#safety-check/${one.inspection}`;
  return link;
};

const drawRunning = async (into) => {
  into.replaceChildren(...(await Promise.all((await keeping.running()).map(goesOn))));
};

screen("home", () => drawRunning(at("safety-running")));

screen("safety", async () => {
  const { sites } = await keeping.mine();
  at("safety-sites").replaceChildren(...sites.map(siteRow));
  at("safety-none").hidden = sites.length > 0;
  at("safety-find").hidden = sites.length < 8;
  at("safety-nearest").hidden = sites.length < 2 || !navigator.geolocation;
  narrow();
  await drawRunning(at("safety-goes-on-here"));
}, { isLive: true });

at("safety-search").addEventListener("input", narrow);

const far = (n) => (n < 1000 ? `${Math.round(n)} ${words.metres}` : `${(n / 1000).toFixed(1)} ${words.km}`);

// The position is asked once, orders the list and is forgotten. Sites without one stay behind.
const nearestFirst = async ({ coords: { longitude, latitude } }) => {
  const { sites } = await keeping.mine();
  const away = new Map(sites.map(({ id, at: spot }) => [id, spot ? metres([longitude, latitude], spot) : Infinity]));
  const lines = [...at("safety-sites").children];
  for (const line of lines) {
    const n = away.get(line.dataset.site);
    fill(line, { away: n < Infinity ? far(n) : words.unplaced });
  }
  lines.sort((a, b) => away.get(a.dataset.site) - away.get(b.dataset.site) || 0);
  at("safety-sites").replaceChildren(...lines);
};

at("safety-nearest").addEventListener("click", () =>
  navigator.geolocation?.getCurrentPosition(
    nearestFirst, () => say(words.lost, "warn"), { enableHighAccuracy: true, timeout: 60_000 },
  ));

// Once, where the person wants it; the inspection does not wait for it.
const here = (one) =>
  navigator.geolocation?.getCurrentPosition(async ({ coords: { longitude, latitude } }) => {
    const now = await keeping.opened(one.inspection);
    if (now) await keeping.keepHead({ ...now.head, longitude, latitude });
  }, () => say(words.nowhere, "warn"), { enableHighAccuracy: true, timeout: 60_000 });

const start = async (site, way) => {
  const { editions } = await keeping.mine();
  const codes = new Set(site.codes);
  const edition = editions.find(({ id }) => id === site.edition);
  const asked = edition.categories
    .filter(({ code }) => !way.categories.length || way.categories.includes(code))
    .map((one) => ({ ...one, items: one.items.filter(({ code }) => codes.has(code)) }))
    .filter(({ items }) => items.length);
  const one = {
    inspection: crypto.randomUUID(), site: site.id, kind: way.kind, edition: edition.id,
    check_of: way.check, categories: way.categories, packed_at: (await pack.now()).at,
    began_at: new Date().toISOString(), name: `${site.firm} ${site.name}`, way: way.label, asked,
  };
  await keeping.keepHead(one);
  if (at("safety-here").checked) here(one);
  go(`safety-check/${one.inspection}`);
};

const wayButton = (site, way) => {
  const button = document.createElement("button");
  const due = way.due ? `（${words.due}${day(way.due)}）` : "";
  Object.assign(button, { type: "button", className: "button primary", textContent: way.label + due });
  button.addEventListener("click", () => start(site, way), { once: true });
  return button;
};

screen("safety-site", async (id) => {
  const { sites } = await keeping.mine();
  const site = sites.find((one) => one.id === id);
  if (!site) return go("safety");
  fill(shown("safety-site"), {
    ...site, facts: site.facts.join("、") || words.none, hazards: hazards(site) || words.none,
    items: site.codes.length,
  });
  const ways = site.codes.length ? site.ways : [];
  at("safety-ways").replaceChildren(...ways.map((way) => wayButton(site, way)));
  at("safety-no-edition").hidden = ways.length > 0;
  return undefined;
});
