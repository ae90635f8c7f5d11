// A signature drawn with finger or pen goes into the hidden input as a PNG.
for (const box of document.querySelectorAll("[data-signature]")) {
  const canvas = box.querySelector("canvas");
  const input = box.querySelector("input");
  const pad = new SignaturePad(canvas, { penColor: "#000", backgroundColor: "#fff" });
  const given = input.value;

  // A canvas has its own grid of pixels; a turned phone changes it, and the drawing is kept.
  const fit = () => {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const drawn = pad.toData();
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    if (drawn.length) pad.fromData(drawn);
    else if (input.value) pad.fromDataURL(given, { ratio });
  };

  pad.addEventListener("endStroke", () => {
    input.value = pad.toDataURL("image/png");
  });
  box.querySelector("[data-clear]").addEventListener("click", () => {
    pad.clear();
    input.value = "";
  });
  window.addEventListener("resize", fit);
  fit();
}
