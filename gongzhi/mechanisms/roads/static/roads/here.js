// The position of the phone goes with the call, if whoever calls wants it so.
const button = document.querySelector("[data-here]");
const said = document.querySelector("[data-here-said]");

if (button && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
        document.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
        said.textContent = button.dataset.done;
      },
      () => {
        said.textContent = button.dataset.failed;
      },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}
