// A form that takes a position gets a button: where the phone is, only when its owner says so.
const { dataset } = document.body;

const offer = (form, longitude, latitude) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = dataset.locate;
  const note = document.createElement("p");
  note.className = "soft small";
  note.setAttribute("role", "status");
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    const done = (text) => {
      button.removeAttribute("aria-busy");
      note.textContent = text;
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        longitude.value = coords.longitude;
        latitude.value = coords.latitude;
        done(dataset.located);
      },
      () => done(dataset.notLocated),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
  const box = document.createElement("div");
  box.className = "field";
  box.append(button, note);
  form.querySelector(":scope > .acts").before(box);
};

for (const form of document.forms) {
  const { longitude, latitude } = form.elements;
  if (longitude?.type === "hidden" && latitude && navigator.geolocation) {
    offer(form, longitude, latitude);
  }
}
