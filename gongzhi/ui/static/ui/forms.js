// A form on its way says so and is sent once. What was typed outlives a sign-in that ran out.
const said = document.body.dataset;
const NAMED = "input:not([type=hidden], [type=file], [type=password]), textarea, select";

const fields = (form) => [...form.querySelectorAll(NAMED)].filter((one) => one.name);

const valueOf = (one) => (one.type === "checkbox" || one.type === "radio" ? one.checked : one.value);

const tell = (beside, text, tone) => {
  const note = document.createElement("p");
  note.className = `notice ${tone}`;
  note.setAttribute("role", "status");
  note.textContent = text;
  beside.append(note);
  return note;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  // What opens in a tab of its own leaves this page to be worked on.
  if (form.method !== "post" || event.submitter?.formTarget === "_blank") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  const chosen = [...form.querySelectorAll("[type=file]")].some((one) => one.files.length);
  if (chosen) tell(form, said.sending, "sending");
  if (!form.dataset.draft) return;
  const typed = fields(form).map(valueOf);
  const draft = { path: location.pathname, by: form.dataset.draft, typed };
  sessionStorage.setItem("draft", JSON.stringify(draft));
});

// The browser's own way back shows the page as it was left, in the middle of sending.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    form.querySelector(".sending")?.remove();
  }
});

// Words about people stay in the tab no longer than needed: only the sign-in page, where a form
// that was refused leads, lets a draft live until the same post opens the same form again.
const restore = (draft) => {
  const form = document.querySelector("form[data-draft]");
  if (!form || form.dataset.draft !== draft.by || location.pathname !== draft.path) return;
  fields(form).forEach((one, n) => {
    if (one.type === "checkbox" || one.type === "radio") one.checked = draft.typed[n];
    else one.value = draft.typed[n] ?? "";
  });
  sessionStorage.removeItem("draft");
  form.before(tell(form, said.restored, "good"));
};

const draft = JSON.parse(sessionStorage.getItem("draft") || "null");
if (draft) {
  if (location.pathname === said.signIn) {
    sessionStorage.setItem("draft", JSON.stringify({ ...draft, refused: true }));
  } else if (!draft.refused || location.pathname === said.signOut) {
    sessionStorage.removeItem("draft");
  } else restore(draft);
}
