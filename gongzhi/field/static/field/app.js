// Starts the page: its screens, the service worker, what waits, signing out.
import "./acts.js";
import * as outbox from "./outbox.js";
import * as pack from "./pack.js";
import { again, fill, go, moment, part, say, screen, shown, start } from "./screens.js";
import * as store from "./store.js";

const body = document.body.dataset;
const words = document.getElementById("words").dataset;
const at = (id) => document.getElementById(id);
const AGAIN = 60_000; // milliseconds until what waits is tried again

// What waits, on every screen.
const count = async () => {
  const found = await outbox.all();
  const waiting = found.filter((one) => one.status === "waiting").length;
  const stuck = found.filter((one) => one.status === "conflict" || one.status === "rejected").length;
  const sent = await outbox.lastSent();
  fill(at("waits"), { waiting, stuck, sent: sent ? moment(sent) : words.never });
  at("waits").dataset.waiting = waiting;
  at("stuck").hidden = !stuck;
  at("waits").hidden = false;
};

const HOW = { offline: "offline", "signed out": "signedOut", failed: "failed" };

const renewed = async () => {
  at("sign-in").hidden = (await pack.refresh()) !== "signed out";
  await again();
};

const send = async () => {
  const how = await outbox.send();
  at("sign-in").hidden = how !== "signed out";
  if (HOW[how]) say(words[HOW[how]], "warn");
  else if (how === "sent") await renewed();
  return how;
};

const quietly = async () => {
  if ((await outbox.waiting()).length && navigator.onLine) await send();
};

// Whoever takes the phone out again wants to see what has come meanwhile.
const backAgain = async () => {
  if ((await outbox.waiting()).length) await quietly();
  else if (navigator.onLine) await renewed();
};

screen("home", async () => {
  const found = await pack.now();
  fill(document.querySelector('[data-screen="home"]'), { post: found?.title ?? "", cases: found?.cases?.length ?? 0,
               at: found ? moment(found.at) : words.never });
  at("no-pack").hidden = Boolean(found);
}, { isLive: true });

// What could not be done is for the person to settle; nothing is dropped by itself.
const stuckRow = (one) => {
  const line = fill(part("outbox-row"), { label: one.label, at: moment(one.at), said: one.said ?? "",
                                          status: words[one.status], number: one.number ?? "" });
  line.dataset.status = one.status;
  line.querySelector(".tag").classList.add({ sent: "good", waiting: "accent" }[one.status] ?? "warn");
  const link = line.querySelector("a");
  link.hidden = !one.link;
  if (one.link) link.href = one.link;
  const acts = line.querySelector(".acts");
  acts.hidden = one.status !== "conflict" && one.status !== "rejected";
  const note = acts.querySelector("[data-do=note]");
  note.hidden = !one.data?.case;
  note.addEventListener("click", async () => {
    const told = Object.entries(one.data.said ?? {}).flatMap(([, value]) => value);
    await outbox.asNote(one, [one.label, one.data.text, ...told].filter(Boolean).join("；"));
    await send();
    await shown();
  });
  acts.querySelector("[data-do=again]").addEventListener("click", async () => {
    await store.put("outbox", { ...one, status: "waiting" });
    await send();
    await shown();
  });
  acts.querySelector("[data-do=drop]").addEventListener("click", async () => {
    if (!window.confirm(words.sure)) return;
    await outbox.drop(one.n);
    await shown();
  });
  return line;
};

screen("outbox", async () => {
  const found = (await outbox.all()).reverse();
  const first = (one) => (one.status === "sent" ? 1 : 0);
  at("outbox").replaceChildren(...found.sort((a, b) => first(a) - first(b)).map(stuckRow));
  at("nothing-sent").hidden = found.length > 0;
}, { isLive: true });

// A new version waits until it is wanted: nobody loses a page in the middle of writing.
const renew = (registration) => {
  const offer = () => {
    if (registration.waiting && navigator.serviceWorker.controller) at("newer").hidden = false;
  };
  offer();
  registration.addEventListener("updatefound", () => {
    registration.installing.addEventListener("statechange", offer);
  });
  at("renew").addEventListener("click", () => registration.waiting?.postMessage("take over"));
};

const serve = async () => {
  if (!navigator.serviceWorker) return;
  const had = navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => had && location.reload());
  renew(await navigator.serviceWorker.register(body.worker, { scope: body.home }));
  await navigator.serviceWorker.ready;
  document.documentElement.dataset.offline = "ready";
};

// Large type holds at once and without a signal.
const large = async (on) => {
  document.documentElement.dataset.type = on ? "large" : "normal";
  at("large").setAttribute("aria-pressed", on);
};

at("large").addEventListener("click", async () => {
  const on = document.documentElement.dataset.type !== "large";
  localStorage.setItem("field-type", on ? "large" : "normal");
  large(on);
});

at("send").addEventListener("click", send);

at("sign-out").addEventListener("submit", async (event) => {
  event.preventDefault();
  if ((await pack.holdsMore()) && !window.confirm(words.leaving)) return;
  await pack.leave();
  const token = document.cookie.match("(?:^|; )csrftoken=([^;]*)")?.[1] ?? "";
  event.target.elements.csrfmiddlewaretoken.value = token;
  event.target.submit();
});

// What was not kept must not look as if it were.
window.addEventListener("unhandledrejection", () => say(words.broken, "danger"));
window.addEventListener("online", quietly);
document.addEventListener("visibilitychange", () => !document.hidden && backAgain());
setInterval(quietly, AGAIN);
outbox.onChange(count);
outbox.onAnswer(say);

large((localStorage.getItem("field-type") ?? document.documentElement.dataset.type) === "large");
await count();
const how = await pack.refresh();
at("sign-in").hidden = how !== "signed out";
await start();
const running = await pack.running();
if (running && location.hash === "") go(running.screen);
navigator.storage?.persist?.();
quietly();
serve().catch(() => {});
