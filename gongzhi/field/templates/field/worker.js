// Keeps the page and its parts on the phone, each version whole; what is new waits to be wanted.
const KEPT = "field-{{ version }}";
const PARTS = [{% for part in parts %}"{{ part|escapejs }}", {% endfor %}];
const HOME = "{% url 'field:home' %}";

const keep = async () => {
  const cache = await caches.open(KEPT);
  // A sign-in that ran out leads elsewhere: that is not the page.
  const page = await fetch(HOME, { cache: "no-store", redirect: "error" });
  if (!page.ok) throw new Error(page.status);
  await cache.put(HOME, page);
  await cache.addAll(PARTS.map((part) => new Request(part, { cache: "no-cache" })));
};

const forget = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith("field-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
};

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forget()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const at = new URL(request.url);
  const isPage = request.mode === "navigate" && at.pathname === HOME;
  if (request.method !== "GET" || !(isPage || PARTS.includes(at.pathname))) return;
  const answer = async () => {
    const cache = await caches.open(KEPT);
    return (await cache.match(isPage ? HOME : at.pathname)) || fetch(request);
  };
  event.respondWith(answer());
});
