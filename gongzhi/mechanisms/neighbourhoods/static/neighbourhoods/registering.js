// A resident is registered at the door: what for is read out first, then asked, then kept here.
import { fill, filledIn, go, say, screen } from "../field/screens.js";
import { atDoor, did, door, mine, waiting } from "./field.js";

const words = document.getElementById("neighbourhoods-words").dataset;
const at = (id) => document.getElementById(id);

const waitingAt = async (home, purpose) =>
  (await waiting("register")).filter((one) => one.household === home && one.purpose === purpose)
    .length;

atDoor(async ({ id, building }) => {
  const { purposes } = await mine();
  const here = purposes.filter((one) => building.purposes.includes(one.id));
  return Promise.all(here.map(async (one) => {
    const n = await waitingAt(id, one.id);
    const note = n ? `${one.name}${words.waiting}${n}` : "";
    return { label: words.register + one.name, href: `#neighbourhoods-register/${id}/${one.id}`, note };
  }));
});

let shown = null;

screen("neighbourhoods-register", async (home, purpose) => {
  const [found, { purposes }] = [await door(home), await mine()];
  const of = purposes.find((one) => one.id === purpose);
  if (!found || !of) return go("neighbourhoods");
  shown = { home, purpose, label: `${words.register}${of.name} · ${found.said}` };
  const { name, why, basis, until, sensitive } = of;
  const told = { door: found.said, name, why, basis, until, sensitive };
  fill(document.querySelector('[data-screen="neighbourhoods-register"]'), told);
  at("neighbourhoods-sensitive").hidden = !sensitive;
  // Our own server drew this form, with everything in it escaped.
  at("neighbourhoods-fields").innerHTML = of.form;
  at("neighbourhoods-back").href = `#neighbourhoods-door/${home}`;
  return undefined;
});

// What lacks its consent would come back when the resident has gone.
const lacksConsent = (form) => {
  const filled = filledIn(form);
  return [...form.querySelectorAll("[name^=agree_]")].find(
    (agree) => !agree.checked && filled[agree.name.replace("agree_", "")]?.some(Boolean),
  );
};

at("neighbourhoods-register").addEventListener("submit", async (event) => {
  event.preventDefault();
  const lacking = lacksConsent(event.target);
  if (lacking) {
    say(words.agree, "warn");
    lacking.focus();
    return;
  }
  const { home, purpose, label } = shown;
  await did("register", label, { household: home, purpose, said: filledIn(event.target) });
  // What was typed must not stand there for the next door.
  at("neighbourhoods-fields").replaceChildren();
  go(`neighbourhoods-door/${home}`);
  say(words.kept);
});
