// What the phone takes along for one post; another post's is taken off it.
import * as outbox from "./outbox.js";
import * as store from "./store.js";

const body = document.body.dataset;

export const now = () => store.get("pack", "now");

// What a post has begun and not finished, such as a patrol: each post its own.
const RUNNING = "running/";
export const running = async () => store.get("kept", RUNNING + (await now())?.post);
export const run = async (value) => store.put("kept", value, RUNNING + (await now())?.post);
export const ended = async () => store.drop("kept", RUNNING + (await now())?.post);
// Where a post keeps what it has begun besides; it is not wiped before it has ended.
export const begunAs = async (name) => `${RUNNING}${(await now())?.post}/${name}`;

// Whether something lies here that nobody else has.
export const holdsMore = async () =>
  (await outbox.unsettled()).length > 0 ||
  (await store.keys("kept")).some((name) => name.startsWith(RUNNING));

// Nothing that waits is ever wiped.
export const wipe = async () => {
  if (await holdsMore()) return false;
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
