// The map of the places below, over tiles where there are some. Without WebGL the drawn one stays.
import * as maplibre from "../maplibre/maplibre-gl.mjs";

const GAP = 4; // pixels between two names
const shell = document.getElementById("map");
const canvas = shell.querySelector("[data-canvas]");
const drawn = shell.querySelector("[data-drawn]");
const tell = () => JSON.parse(document.getElementById("map-told").textContent);
const told = tell();
const colour = (name) => getComputedStyle(shell).getPropertyValue(name).trim();

const corners = () => {
  const bounds = new maplibre.LngLatBounds();
  const walk = (at) => (typeof at[0] === "number" ? bounds.extend(at) : at.forEach(walk));
  told.outlines.features.forEach((one) => walk(one.geometry.coordinates));
  return bounds;
};

const dots = (places) => ({
  type: "FeatureCollection",
  features: places.filter(({ dot }) => dot).map(({ at, radius }) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: at },
    properties: { radius },
  })),
});

const shade = ["match", ["get", "shade"],
  1, colour("--map-1"), 2, colour("--map-2"), 3, colour("--map-3"), 4, colour("--map-4"),
  colour("--map-0")];

const tiles = { type: "raster", tiles: [told.tiles], tileSize: 256, attribution: told.tilesBy };
const style = {
  version: 8,
  sources: {
    ...(told.tiles ? { tiles } : {}),
    outlines: { type: "geojson", data: told.outlines },
    dots: { type: "geojson", data: dots(told.places) },
  },
  layers: [
    told.tiles
      ? { id: "tiles", type: "raster", source: "tiles" }
      : { id: "ground", type: "background", paint: { "background-color": colour("--sheet") } },
    { id: "land", type: "fill", source: "outlines", paint: { "fill-color": shade, "fill-opacity": told.tiles ? 0.6 : 1 } },
    { id: "borders", type: "line", source: "outlines", paint: { "line-color": colour("--firm") } },
    {
      id: "dots",
      type: "circle",
      source: "dots",
      paint: {
        "circle-radius": ["get", "radius"],
        "circle-color": colour("--map-3"),
        "circle-stroke-color": "#10211d",
        "circle-stroke-width": 1,
      },
    },
  ],
};

const open = () => {
  try {
    canvas.hidden = false;
    return new maplibre.Map({
      container: canvas,
      style,
      bounds: corners(),
      fitBoundsOptions: { padding: 24 },
      scrollZoom: false,
      locale: {
        "NavigationControl.ZoomIn": shell.dataset.in,
        "NavigationControl.ZoomOut": shell.dataset.out,
      },
    });
  } catch {
    canvas.replaceChildren();
    canvas.hidden = true;
    return null;
  }
};

const map = open();
const marks = [];

// Names that would lie on each other: those with more cases stay, zooming in brings the others.
const apart = () => {
  const placed = [];
  marks.sort((a, b) => b.n - a.n);
  for (const { link } of marks) {
    const box = link.getBoundingClientRect();
    const free = placed.every((other) =>
      box.right + GAP < other.left || box.left - GAP > other.right ||
      box.bottom + GAP < other.top || box.top - GAP > other.bottom);
    link.style.visibility = free ? "" : "hidden";
    if (free) placed.push(box);
  }
};

const mark = ({ name, n, at, url, dot }) => {
  const link = document.createElement("a");
  link.className = "map-mark";
  link.href = url;
  link.textContent = `${name} ${n}`;
  marks.push({ link, url, n });
  new maplibre.Marker({ element: link, anchor: dot ? "top" : "center", offset: [0, dot ? 10 : 0] })
    .setLngLat(at).addTo(map);
};

const renew = () => {
  const now = tell();
  map.getSource("outlines").setData(now.outlines);
  map.getSource("dots").setData(dots(now.places));
  for (const { name, n, url } of now.places) {
    const one = marks.find((other) => other.url === url);
    one.n = n;
    one.link.textContent = `${name} ${n}`;
  }
  apart();
};

if (map) {
  drawn.hidden = true;
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  told.places.forEach(mark);
  apart();
  map.on("moveend", apart);
  map.on("load", () => {
    apart();
    shell.dataset.loaded = "yes";
    document.addEventListener("renewed", renew);
  });
}
