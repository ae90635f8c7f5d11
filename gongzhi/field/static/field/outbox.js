// What was done and is to be sent: kept in order, sent in order, each once by its key.
import * as store from "./store.js";

const MOST = 200; // operations in one request
const MOST_FILES = 60;
const MOST_BYTES = 6_000_000;
const REMEMBERED = 50; // what was sent, to be looked up
const body = document.body.dataset;
const changed = new EventTarget();

export const onChange = (listener) => changed.addEventListener("change", listener);
const tell = () => changed.dispatchEvent(new Event("change"));

// What we were told of something that was sent: the sentence, after what it was.
export const onAnswer = (listener) =>
  changed.addEventListener("answer", ({ detail }) => listener(`${detail.label}：${detail.said}`));

export const all = () => store.all("outbox");
export const waiting = async () => (await all()).filter((one) => one.status === "waiting");
export const unsettled = async () => (await all()).filter((one) => one.status !== "sent");

// Kept before anything else happens; `label` is what the list shows of it.
export const append = async (kind, label, data, files = []) => {
  const { post } = (await store.get("pack", "now")) ?? {};
  const at = new Date().toISOString();
  const key = crypto.randomUUID();
  await store.add("outbox", { key, kind, label, post, at, data, files, status: "waiting" });
  tell();
  return key;
};

export const drop = async (n) => {
  await store.drop("outbox", n);
  tell();
};

// In place of what could not be done: the same words and photos as a note on the case.
export const asNote = async (one, text) => {
  await append("note", one.label, { case: one.data.case, text }, one.files);
  await drop(one.n);
};

const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";

const parcel = (operations) => {
  const form = new FormData();
  const told = operations.map(({ key, kind, post, at, data }) => ({ key, kind, post, at, data }));
  form.append("operations", JSON.stringify(told));
  form.append("sent_at", new Date().toISOString());
  for (const { key, files } of operations) {
    files.forEach((file, n) => form.append(key, file, `${n}.jpg`));
  }
  return form;
};

// As many from the front as one request carries.
const front = (operations) => {
  let [files, bytes] = [0, 0];
  const taken = operations.findIndex((one, n) => {
    files += one.files.length;
    bytes += one.files.reduce((sum, file) => sum + file.size, JSON.stringify(one.data).length);
    return n > 0 && (n >= MOST || files > MOST_FILES || bytes > MOST_BYTES);
  });
  return taken < 0 ? operations : operations.slice(0, taken);
};

const settle = async (one, answer) => {
  if (answer.what === "done" || answer.what === "again") {
    const { n, key, kind, label, post, at } = one;
    const { said, number, link } = answer;
    const sent_at = new Date().toISOString();
    // What was sent need not lie on the phone any longer; that it was, and its number, may.
    const left = { n, key, kind, label, post, at, sent_at, said, number, link };
    await store.put("outbox", { ...left, files: [], status: "sent" });
    if (said) changed.dispatchEvent(new CustomEvent("answer", { detail: left }));
  } else {
    await store.put("outbox", { ...one, ...answer, status: answer.what });
  }
};

const forget = async () => {
  const sent = (await all()).filter((one) => one.status === "sent");
  for (const one of sent.slice(0, -REMEMBERED)) await store.drop("outbox", one.n);
};

// "sent", "offline", "signed out" or "failed": how far it came.
const sendOne = async (operations) => {
  const headers = { "X-CSRFToken": cookie("csrftoken") };
  const about = { method: "POST", body: parcel(operations), headers, redirect: "manual" };
  let answer;
  try {
    answer = await fetch(body.sync, about);
  } catch {
    return "offline";
  }
  if (answer.type === "opaqueredirect") return "signed out";
  if (!answer.ok) return answer.status === 403 ? "signed out" : "failed";
  const { answers } = await answer.json();
  for (const [n, one] of operations.entries()) await settle(one, answers[n]);
  return "sent";
};

// Those of another post that is still held wait until that post signs in.
const mine = async () => {
  const pack = await store.get("pack", "now");
  const other = new Set(pack?.posts ?? []);
  other.delete(pack?.post);
  return (await waiting()).filter((one) => !other.has(one.post));
};

const sendAll = async () => {
  let how = "sent";
  for (let left = await mine(); left.length && how === "sent"; left = await mine()) {
    how = await sendOne(front(left));
    if (how === "sent") await store.put("kept", new Date().toISOString(), "sent_at");
    tell();
  }
  await forget();
  return how;
};

// One after another, whatever tabs are open: who comes while another sends, sends what is left.
export const send = () => navigator.locks.request("outbox", sendAll);

export const lastSent = () => store.get("kept", "sent_at");
