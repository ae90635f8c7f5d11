// What the phone takes along for one post; another post's is taken off it.
import * as outbox from "./outbox.js";
import * as store from "./store.js";

const body = document.body.dataset;

export const now = () => store.get("pack", "now");

// Nothing that waits is ever wiped.
export const wipe = async () => {
  if ((await outbox.unsettled()).length || (await store.get("kept", "running"))) return false;
  await store.wipe();
  return true;
};

let leaving = false;

// At sign-out: what is on its way here must not come back.
export const leave = async () => {
  leaving = true;
  await wipe();
};

// "fresh", "offline" or "signed out".
export const refresh = async () => {
  let answer;
  try {
    answer = await fetch(body.pack, { redirect: "manual", cache: "no-store" });
  } catch {
    return "offline";
  }
  if (answer.type === "opaqueredirect") {
    await wipe();
    return "signed out";
  }
  if (!answer.ok) return "offline";
  const pack = await answer.json();
  const before = await now();
  if (before && before.post !== pack.post) await wipe();
  if (leaving) return "signed out";
  await store.put("pack", pack, "now");
  return "fresh";
};
