// A word typed leaves only the units whose names have it; what is ticked stays in sight.
for (const box of document.querySelectorAll("[data-narrows]")) {
  box.hidden = false;
  box.addEventListener("input", () => {
    const said = box.value.trim().toLowerCase();
    for (const one of box.parentElement.querySelectorAll(".choice")) {
      const kept = one.querySelector("input").checked;
      one.hidden = !kept && !one.textContent.toLowerCase().includes(said);
    }
  });
}
