// What lies on the phone: three drawers of one database. Nothing is called kept before it is on disk.
const DRAWERS = ["pack", "outbox", "kept"];

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open("gongzhi-field", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("pack");
    asked.result.createObjectStore("kept");
    asked.result.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
  };
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

const within = async (drawer, mode, ask) => {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const step = database.transaction(drawer, mode, { durability: "strict" });
    const asked = ask(step.objectStore(drawer));
    step.oncomplete = () => resolve(asked?.result);
    step.onabort = () => reject(step.error);
  });
};

export const get = (drawer, key) => within(drawer, "readonly", (of) => of.get(key));
export const all = (drawer) => within(drawer, "readonly", (of) => of.getAll());
export const keys = (drawer) => within(drawer, "readonly", (of) => of.getAllKeys());
export const put = (drawer, value, key) => within(drawer, "readwrite", (of) => of.put(value, key));
export const add = (drawer, value) => within(drawer, "readwrite", (of) => of.add(value));
const beginning = (prefix) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);
export const under = (drawer, prefix) =>
  within(drawer, "readonly", (of) => of.getAll(beginning(prefix)));
export const dropUnder = (drawer, prefix) =>
  within(drawer, "readwrite", (of) => of.delete(beginning(prefix)));
export const drop = (drawer, key) => within(drawer, "readwrite", (of) => of.delete(key));

export const wipe = async () => {
  for (const drawer of DRAWERS) await within(drawer, "readwrite", (of) => of.clear());
};
