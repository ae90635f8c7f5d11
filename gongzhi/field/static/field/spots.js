// Positions: watching the way, and how far one is from a place or a line. WGS84, [longitude, latitude].
const METRES = 111195; // of one degree of latitude
const FAR = 20; // metres after which a point of the way is kept
const LONG = 60; // seconds after which one is kept though nobody moved
const COARSE = 100; // metres of error from which a position says nothing

const plane = ([x, y], middle) => [x * METRES * Math.cos((middle * Math.PI) / 180), y * METRES];

export const metres = (a, b) => {
  const [[x, y], [u, v]] = [plane(a, a[1]), plane(b, a[1])];
  return Math.hypot(u - x, v - y);
};

// From a spot to the nearest point of a line.
export const toLine = (spot, line) => {
  const points = line.map((one) => plane(one, spot[1]));
  const [x, y] = plane(spot, spot[1]);
  let least = points.length ? Math.hypot(points[0][0] - x, points[0][1] - y) : Infinity;
  for (let n = 1; n < points.length; n += 1) {
    const [[a, b], [c, d]] = [points[n - 1], points[n]];
    const length = (c - a) ** 2 + (d - b) ** 2;
    const along = length ? ((x - a) * (c - a) + (y - b) * (d - b)) / length : 0;
    const t = Math.min(Math.max(along, 0), 1);
    least = Math.min(least, Math.hypot(a + t * (c - a) - x, b + t * (d - b) - y));
  }
  return least;
};

export const nearest = (spot, sections) => {
  const far = sections.map((one) => [toLine(spot, one.line), one]);
  return far.sort((a, b) => a[0] - b[0])[0]?.[1];
};

export const lengthOf = (track) =>
  track.slice(1).reduce((sum, one, n) => sum + metres(track[n], one), 0);

// Whether a new point tells something that the last one did not.
export const tells = (last, point) =>
  !last || metres(last, point) >= FAR || point[2] - last[2] >= LONG;

let here = null;
let watching = null;
const listeners = new Set();

export const position = () => here;

export const watch = (listener) => {
  listeners.add(listener);
  if (watching !== null || !navigator.geolocation) return;
  const heard = ({ coords }) => {
    if (coords.accuracy > COARSE) return;
    here = [coords.longitude, coords.latitude];
    for (const one of listeners) one(here);
  };
  const options = { enableHighAccuracy: true, maximumAge: 5000 };
  watching = navigator.geolocation.watchPosition(heard, () => {}, options);
};

export const unwatch = (listener) => {
  listeners.delete(listener);
  if (listeners.size || watching === null) return;
  navigator.geolocation.clearWatch(watching);
  watching = null;
};
