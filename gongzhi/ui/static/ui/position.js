// Where one stands goes into a report only when its button is pressed.
for (const longitude of document.querySelectorAll("input[type=hidden][data-offer][name=longitude]")) {
  const { form, dataset: said } = longitude;
  if (!navigator.geolocation) continue;
  const offer = document.createElement("p");
  const button = document.createElement("button");
  const told = document.createElement("span");
  button.type = "button";
  button.className = "button";
  button.textContent = said.offer;
  told.setAttribute("role", "status");
  told.className = "soft small";
  offer.append(button, " ", told);
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        longitude.value = coords.longitude.toFixed(6);
        form.elements.latitude.value = coords.latitude.toFixed(6);
        told.textContent = said.done;
      },
      () => {
        told.textContent = said.failed;
      },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  });
  // Beside the question what happened and where; else before the form is sent.
  const where = form.elements.text?.closest(".field");
  if (where) where.after(offer);
  else form.querySelector(".acts, [type=submit]").before(offer);
}
