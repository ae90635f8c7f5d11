// Inspections that have begun on this phone. Each answer is a record of its own: a press writes little,
// however long the list is. What is asked is kept with the inspection: a newer edition changes nothing.
import * as pack from "../field/pack.js";
import * as store from "../field/store.js";

const head = (id) => pack.begunAs(`safety/${id}`);
const answers = (id) => pack.begunAs(`safety-answers/${id}/`);

export const mine = async () => (await pack.now())?.parts?.safety ?? { sites: [], editions: [] };
export const running = async () => store.under("kept", await pack.begunAs("safety/"));
export const keepHead = async (one) => store.put("kept", one, await head(one.inspection));

// With answers by code.
export const opened = async (id) => {
  const one = await store.get("kept", await head(id));
  if (!one) return null;
  const said = await store.under("kept", await answers(id));
  return { head: one, said: new Map(said.map((answer) => [answer.code, answer])) };
};

// Written one after another, each as it is by then: who types fast waits for none.
let last = Promise.resolve();
const waiting = new Set();

export const keep = ({ head: { inspection }, said }, code) => {
  if (!waiting.has(code)) {
    waiting.add(code);
    last = last.catch(() => {}).then(async () => {
      waiting.delete(code);
      await store.put("kept", said.get(code), (await answers(inspection)) + code);
    });
  }
  return last;
};

export const settled = () => last;

export const ended = async (id) => {
  await store.dropUnder("kept", await answers(id));
  await store.drop("kept", await head(id));
};

export const left = ({ head: { asked }, said }) =>
  asked.flatMap(({ items }) => items).filter(({ code }) => !said.has(code));
