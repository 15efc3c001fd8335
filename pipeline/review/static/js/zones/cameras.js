// The list of cameras: narrowed by words, or to those that want a look.
import { text } from "../texts.js";

const [words, troubled, found] = ["zone-find", "zone-troubled", "zone-found"].map((id) => document.getElementById(id));
const cards = [...document.querySelectorAll(".zone-card")];

function narrow() {
  const wanted = words.value.trim().toLowerCase().split(/\s+/);
  for (const card of cards) card.hidden = !wanted.every((word) => card.dataset.find.includes(word)) || (troubled.checked && !("troubled" in card.dataset));
  const shown = cards.filter((card) => !card.hidden).length;
  found.textContent = shown === cards.length ? "" : text("zones.found_cameras", { n: shown });
}

if (words) {
  words.addEventListener("input", narrow);
  troubled.addEventListener("change", narrow);
  // What the browser has kept in the fields over a reload.
  narrow();
}
