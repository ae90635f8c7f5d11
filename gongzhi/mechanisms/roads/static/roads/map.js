// The map of roads, over tiles where there are some, else over the outlines of counties.
// Whatever it shows stands in the tables below it too.
import * as maplibre from "../maplibre/maplibre-gl.mjs";

const GRADES = { G: 7, S: 6, X: 5, Y: 4, C: 3 };
const shell = document.querySelector("#map-of-roads");
const part = (name) => shell.querySelector(`[data-${name}]`);
const told = JSON.parse(document.querySelector("#map-told").textContent);
const colour = (name) => getComputedStyle(shell).getPropertyValue(`--grade-${name}`).trim();
const nothing = { type: "FeatureCollection", features: [] };

const corners = (features) => {
  const bounds = new maplibre.LngLatBounds();
  const walk = (at) => (typeof at[0] === "number" ? bounds.extend(at) : at.forEach(walk));
  features.forEach((one) => walk(one.geometry.coordinates));
  return bounds;
};

const lines = Object.entries(GRADES).map(([grade, width]) => ({
  id: `grade-${grade}`,
  type: "line",
  source: "sections",
  filter: ["==", ["get", "grade"], grade],
  layout: { "line-cap": "round", "line-join": "round" },
  paint: { "line-color": colour(grade), "line-width": width },
}));

const dots = (id, radius, fill) => ({
  id,
  type: "circle",
  source: id,
  paint: {
    "circle-radius": radius,
    "circle-color": fill,
    "circle-stroke-color": "#1b2321",
    "circle-stroke-width": 2,
  },
});

const background = told.tiles
  ? {
      sources: {
        tiles: { type: "raster", tiles: [told.tiles], tileSize: 256, attribution: told.tilesBy },
      },
      layers: [{ id: "tiles", type: "raster", source: "tiles" }],
    }
  : {
      sources: {},
      layers: [
        { id: "ground", type: "background", paint: { "background-color": "#eef1ec" } },
        { id: "land", type: "fill", source: "outlines", paint: { "fill-color": "#faf9f5" } },
      ],
    };

const style = {
  version: 8,
  sources: {
    ...background.sources,
    outlines: { type: "geojson", data: told.outlines },
    sections: { type: "geojson", data: nothing },
    points: { type: "geojson", data: nothing },
    hazards: { type: "geojson", data: nothing },
  },
  layers: [
    ...background.layers,
    {
      id: "borders",
      type: "line",
      source: "outlines",
      paint: { "line-color": "#7f8783", "line-dasharray": [3, 2] },
    },
    ...lines.reverse(),
    dots("points", 5, "#faf3cf"),
    dots("hazards", 8, "#b02a1b"),
  ],
};

const open = () => {
  try {
    return new maplibre.Map({
      container: part("canvas"),
      style,
      bounds: corners(told.outlines.features),
      fitBoundsOptions: { padding: 16 },
      locale: {
        "NavigationControl.ZoomIn": shell.dataset.in,
        "NavigationControl.ZoomOut": shell.dataset.out,
      },
    });
  } catch {
    return null;
  }
};

const map = open();

const load = async () => {
  const bounds = map.getBounds();
  const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  await Promise.all(
    Object.entries(told.layers).map(async ([name, address]) => {
      const answer = await fetch(`${address}&bbox=${box.map((n) => n.toFixed(5))}`);
      if (answer.ok) map.getSource(name).setData(await answer.json());
    }),
  );
  shell.dataset.loaded = "yes";
};

const row = (parent, text, tag = "p") => {
  if (!text) return;
  const line = document.createElement(tag);
  line.textContent = text;
  parent.append(line);
};

const pick = ({ properties }) => {
  const box = part("picked");
  box.replaceChildren();
  row(box, properties.name, "h3");
  row(box, properties.what);
  row(box, properties.note);
  for (const chief of JSON.parse(properties.chiefs ?? "[]")) row(box, chief);
  const link = document.createElement("a");
  link.href = properties.url;
  link.textContent = properties.name;
  box.lastElementChild.after(link);
  box.hidden = false;
};

if (map) {
  const shown = [...Object.keys(GRADES).map((grade) => `grade-${grade}`), "points", "hazards"];
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  map.on("load", load);
  map.on("moveend", load);
  map.on("click", (event) => {
    const { x, y } = event.point;
    const near = [[x - 6, y - 6], [x + 6, y + 6]];
    const found = map.queryRenderedFeatures(near, { layers: shown });
    if (found.length) pick(found[0]);
  });
  const layers = part("layers");
  layers.hidden = false;
  layers.addEventListener("change", ({ target }) => {
    const how = target.checked ? "visible" : "none";
    map.setLayoutProperty(target.value, "visibility", how);
  });
} else {
  part("canvas").replaceChildren();
  part("none").hidden = false;
}
