// The queue: moving by keys, filters that apply themselves, and short addresses.
import "./dialogs.js";
import { bind } from "./keys.js";
import { show } from "./notice.js";
import { keepQueue, keepRow, lastRow } from "./place.js";

const links = [...document.querySelectorAll(".row-link")];
const filters = document.getElementById("filters");

function move(by) {
  const place = links.indexOf(document.activeElement);
  // The first key press lands on the row that was last opened, else on the first.
  const from = place >= 0 ? place + by : Math.max(links.findIndex((one) => one.dataset.id === lastRow()), 0);
  const link = links[Math.min(Math.max(from, 0), links.length - 1)];
  if (!link) return;
  link.focus({ preventScroll: true });
  link.closest(".row").scrollIntoView({ block: "nearest" });
}

for (const key of ["j", "ArrowDown"]) bind(key, () => move(1));
for (const key of ["k", "ArrowUp"]) bind(key, () => move(-1));
bind("/", () => {
  document.querySelector(".filters-fold").open = true;
  filters.querySelector("select, input:not([type=hidden])").focus();
});
// Enter with no row in focus opens the first: an empty hand still gets to work.
bind("Enter", () => (links[0] ? links[0].click() : false));

for (const link of links) link.addEventListener("click", () => keepRow(link.dataset.id));

// Empty fields stay out of the address, which is what gets saved and sent around.
filters.addEventListener("submit", () => {
  for (const field of filters.elements) if (field.name && !field.value) field.disabled = true;
  // The page may come back from the browser's memory: the fields must be usable then.
  setTimeout(() => {
    for (const field of filters.elements) field.disabled = false;
  }, 0);
});
// A choice made by pointer applies itself. By keyboard a list changes with every arrow and a date with every digit: there, Enter or the button does.
let byPointer = false;
addEventListener("pointerdown", () => (byPointer = true), true);
addEventListener("keydown", () => (byPointer = false), true);
for (const field of filters.elements)
  field.addEventListener("change", () => {
    if (byPointer && field.name && field.type !== "date") filters.requestSubmit();
    else filters.classList.add("is-changed");
  });

// Where the picture would take the whole screen, the filters start folded.
if (matchMedia("(max-width: 900px)").matches) document.querySelector(".filters-fold").open = false;

keepQueue();
show();
const opened = links.find((one) => one.dataset.id === lastRow());
if (opened && document.activeElement === document.body) opened.focus({ preventScroll: false });
