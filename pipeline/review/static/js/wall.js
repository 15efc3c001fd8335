// Keeps tiles up to date: one request at a time, none while nobody can see the page, and nothing is touched that says the same as before.
import { text } from "./texts.js";

const root = document.getElementById("wall");
const EVERY_MS = Number(root.dataset.every) * 1000;
const SLOWEST_MS = 60000;
const PATIENCE_MS = 10000;
const AT_REST_MS = 10000;
// Camera -> what is told of it -> where.
const tiles = new Map();
let timer = 0;
let failures = 0;
let stop = null;

for (const tile of root.querySelectorAll("[data-camera]")) {
  const at = tiles.get(tile.dataset.camera) ?? new Map([["tile", tile]]);
  for (const field of tile.querySelectorAll("[data-f]")) at.set(field.dataset.f, field);
  tiles.set(tile.dataset.camera, at);
}

function say(field, words) {
  if (field && field.textContent !== words) field.textContent = words;
}

function set(field, name, value) {
  if (field && field.getAttribute(name) !== value) field.setAttribute(name, value);
}

function toggle(field, name, on) {
  if (field && field.classList.contains(name) !== on) field.classList.toggle(name, on);
}

function hide(field, hidden) {
  if (field && field.hidden !== hidden) field.hidden = hidden;
}

function show(told) {
  for (const each of told.tiles) if (tiles.has(each.id)) tell(tiles.get(each.id), each);
  const line = document.getElementById("told");
  if (line) {
    set(line, "class", `wall-told tone-${told.told.tone}`);
    set(line.querySelector("use"), "href", `${text("icons")}#${told.told.icon}`);
    say(line.querySelector("span"), told.told.text);
  }
  // Read out only where a number has changed.
  say(document.getElementById("summary"), told.summary);
  count(told.counts, told.tiles.length);
  order(told.tiles);
}

function tell(at, each) {
  set(at.get("tone"), "class", `cam-state tone-${each.tone}`);
  set(at.get("icon"), "href", `${text("icons")}#${each.icon}`);
  for (const name of ["text", "note", "age", "share", "gaps", "rate", "picture_at"]) say(at.get(name), each[name]);
  set(at.get("note"), "title", each.note);
  set(at.get("age"), "title", each.at);
  set(at.get("gaps"), "title", each.gaps_in_full);
  say(at.get("standing"), String(each.standing));
  toggle(at.get("standing"), "is-none", !each.standing);
  toggle(at.get("old"), "is-old", each.is_old);
  hide(at.get("time"), !each.picture);
  hide(at.get("nothing"), Boolean(each.picture));
  hide(at.get("picture"), !each.picture);
  if (each.picture) change(at.get("picture"), each.picture);
  const tile = at.get("tile");
  set(tile, "data-state", each.state);
  if (tile.tagName === "LI") hide(tile, Boolean(root.dataset.state) && root.dataset.state !== each.state);
}

// The old picture stays until the new one is there, whole.
async function change(image, url) {
  if (image.getAttribute("src") === url || image.dataset.next === url) return;
  image.dataset.next = url;
  const next = new Image();
  next.src = url;
  try {
    await next.decode();
    if (image.dataset.next === url) image.src = url;
  } catch {
    // It was replaced meanwhile, or could not be had: the next one will come.
  }
  if (image.dataset.next === url) delete image.dataset.next;
}

function count(counts, whole) {
  for (const field of root.querySelectorAll("[data-count]")) {
    const name = field.dataset.count;
    say(field, String(name === "all" ? whole : (counts[name] ?? 0)));
  }
  for (const chip of root.querySelectorAll("[data-chip]")) hide(chip, !counts[chip.dataset.chip] && chip.dataset.chip !== root.dataset.state);
  const none = document.getElementById("none");
  if (none) hide(none, !root.dataset.state || Boolean(counts[root.dataset.state]));
}

// Moved only where the order has changed, and never under somebody's hands; whoever rests there keeps the focus.
let touched = 0;
const list = document.getElementById("tiles");
for (const kind of ["pointermove", "pointerdown", "keydown", "focusin"]) list?.addEventListener(kind, () => (touched = Date.now()));

function order(wanted) {
  if (!list || Date.now() - touched < AT_REST_MS) return;
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  let place = list.firstElementChild;
  for (const each of wanted) {
    const tile = tiles.get(each.id)?.get("tile");
    if (!tile) continue;
    if (tile === place) place = place.nextElementSibling;
    else list.insertBefore(tile, place);
  }
  if (focused && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
    touched = 0;
  }
}

function lose(words, way) {
  const line = document.getElementById("lost");
  if (!words) {
    hide(line, true);
    return;
  }
  const said = [words];
  if (way) {
    const link = document.createElement("a");
    link.href = way;
    link.textContent = text("log_in");
    said.push(link);
  }
  if (line.hidden) line.replaceChildren(...said);
  hide(line, false);
}

async function ask() {
  stop = new AbortController();
  const patience = setTimeout(() => stop?.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(root.dataset.url, { headers: { Accept: "application/json" }, credentials: "same-origin", signal: stop.signal });
    if (answer.status === 401) {
      lose(text("ended"), `/login?next=${encodeURIComponent(location.pathname + location.search)}`);
      return false;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    failures = 0;
    lose("");
  } catch {
    // Leaving the page or hiding it is no failure.
    if (document.hidden) return true;
    failures += 1;
    if (failures > 1) lose(text("lost"));
  } finally {
    clearTimeout(patience);
    stop = null;
  }
  return true;
}

async function turn() {
  clearTimeout(timer);
  timer = 0;
  if (document.hidden || stop) return;
  if (await ask()) plan();
}

function plan() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(turn, Math.min(EVERY_MS * 2 ** Math.max(failures - 1, 0), SLOWEST_MS));
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    clearTimeout(timer);
    stop?.abort();
  } else {
    turn();
  }
});
addEventListener("pageshow", (event) => event.persisted && turn());

const street = document.getElementById("f-street");
street?.addEventListener("change", () => street.form.requestSubmit());
document.getElementById("streets")?.addEventListener("submit", () => {
  if (!street.value) street.disabled = true;
});
plan();
