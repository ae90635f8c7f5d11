// Figures that others change are asked for again while somebody looks; nothing comes if none did.
const EVERY = 4000;

setInterval(() => {
  if (document.visibilityState !== "visible") return;
  document.querySelectorAll("[data-renew]").forEach((part) => window.htmx.trigger(part, "renew"));
}, EVERY);

// A session that ran out answers with another page: what is shown stays.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  if (target.matches("[data-renew]") && !serverResponse.includes(`id="${target.id}"`)) {
    event.detail.shouldSwap = false;
  }
});
