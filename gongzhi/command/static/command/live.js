// The figures of an open page renew themselves, each where it stands: what has the focus keeps it,
// what is unfolded stays so. A page that nobody sees asks for nothing.
const AT_MOST = 1000; // milliseconds between two looks
const lost = document.querySelector("[data-lost]");
let stream = null;
let waiting = null;
let looked = -AT_MOST;

const put = (old, now) => {
  if (old.outerHTML === now.outerHTML) return;
  for (const { name, value } of now.attributes) old.setAttribute(name, value);
  old.replaceChildren(...now.childNodes);
};

const renew = async () => {
  waiting = null;
  looked = performance.now();
  const answer = await fetch(location.href, { redirect: "error" }).catch(() => null);
  lost.hidden = answer?.ok ?? false;
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-renew]")) {
    const now = fresh.getElementById(old.id);
    const inside = old !== document.activeElement && old.contains(document.activeElement);
    if (now && !inside) put(old, now);
  }
  document.dispatchEvent(new Event("renewed"));
};

const soon = () => {
  waiting ??= setTimeout(renew, Math.max(0, looked + AT_MOST - performance.now()));
};

const listen = () => {
  stream = new EventSource("/live/?figures");
  stream.addEventListener("counted", soon);
  stream.addEventListener("refresh", ({ data }) => setTimeout(soon, Math.random() * JSON.parse(data).within * 1000));
  stream.addEventListener("error", () => { lost.hidden = stream.readyState !== EventSource.CLOSED; });
};

const attend = () => {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream) {
    listen();
    soon();
  }
};

document.addEventListener("visibilitychange", attend);
if (!document.hidden) listen();
