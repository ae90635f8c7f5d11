// A wall screen: F fills the screen, Esc leaves it, and then the mode.
const full = document.querySelector("[data-full]");
const fill = () => document.documentElement.requestFullscreen();

full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", fill);
document.addEventListener("fullscreenchange", () => {
  full.hidden = document.fullscreenElement !== null;
});
document.addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
  if (ctrlKey || metaKey || altKey) return;
  if (key === "f" || key === "F") fill();
  if (key === "Escape" && !document.fullscreenElement) document.querySelector("[data-leave]").click();
});
