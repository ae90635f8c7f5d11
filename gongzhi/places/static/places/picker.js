// A text field that suggests places: the combobox pattern of ARIA, with big rows for thumbs.
// Without this script the server asks which place is meant.
for (const box of document.querySelectorAll("[data-picker]")) {
  const input = box.querySelector("input[type=text]");
  const [chosenFor, code] = box.querySelectorAll("input[type=hidden]");
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[role=status]");
  let asked = new AbortController();
  let waiting = 0;
  let active = -1;

  list.id = `${input.id}_list`;
  const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id };
  for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  };

  const mark = (n) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = n;
    const option = list.children[n];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  const stop = () => {
    clearTimeout(waiting);
    asked.abort();
  };

  const choose = (option) => {
    stop();
    code.value = option.dataset.code;
    input.value = chosenFor.value = option.dataset.text;
    box.querySelector(".picker-found")?.remove();
    status.textContent = option.dataset.text;
    show(false);
  };

  const look = async () => {
    asked = new AbortController();
    const address = `${box.dataset.picker}&q=${encodeURIComponent(input.value)}`;
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) return;
      list.innerHTML = await answer.text();
    } catch (error) {
      return; // typed on, or offline: the server asks when the form is sent
    }
    active = -1;
    [...list.children].forEach((option, n) => (option.id = `${list.id}_${n}`));
    const n = list.children.length;
    status.textContent = n ? box.dataset.some.replace("{n}", n) : box.dataset.none;
    show(n > 0);
  };

  const changed = () => {
    stop();
    code.value = "";
    box.querySelector(".picker-found")?.remove();
    if (input.value.trim()) waiting = setTimeout(look, 150);
    else show(false);
  };

  // Words put together by an input method are looked for when they are complete.
  input.addEventListener("input", (event) => event.isComposing || changed());
  input.addEventListener("compositionend", changed);
  input.addEventListener("blur", () => {
    stop();
    show(false);
  });
  input.addEventListener("keydown", (event) => {
    const n = list.children.length;
    if (event.isComposing || !n) return;
    if (event.key === "Escape" && !list.hidden) show(false);
    else if (event.key === "Enter" && !list.hidden && active >= 0) choose(list.children[active]);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      show(true);
      mark(active < 0 && step < 0 ? n - 1 : (active + step + n) % n);
    } else return;
    event.preventDefault();
  });

  // Pressing a row must not take the focus away, else the list would close before the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  show(false);
}
