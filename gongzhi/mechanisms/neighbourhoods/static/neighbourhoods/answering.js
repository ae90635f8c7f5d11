// A roll call that waits for this post stands first on the phone: one press answers it.
import { fill, moment, part, say, screen } from "../field/screens.js";
import { did, mine, waiting } from "./field.js";

const words = document.getElementById("neighbourhoods-answering").dataset;

const card = (call, isNoted) => {
  const { id, name, due_at, buildings } = call;
  const shown = fill(part("neighbourhoods-call"), {
    name, due: moment(due_at), buildings: buildings.join(words.and),
  });
  const button = shown.querySelector("button");
  button.hidden = isNoted;
  shown.querySelector("[data-noted]").hidden = !isNoted;
  button.addEventListener("click", async () => {
    await did("answer", words.label + name, { roll: id });
    say(words.kept);
  });
  return shown;
};

screen("home", async () => {
  const [{ calls }, noted] = [await mine(), await waiting("answer")];
  const cards = calls.map((one) => card(one, noted.some(({ roll }) => roll === one.id)));
  document.getElementById("neighbourhoods-calls").replaceChildren(...cards);
});
