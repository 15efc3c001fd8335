// What was just done, with the way back, carried over to the next page for as long as it can be taken back.
import { send } from "./sending.js";
import { text } from "./texts.js";

const KEY = "doorline.undo";
const WITHIN_MS = 60000;

export function remember(told, url, version) {
  store({ told, url, version, until: Date.now() + WITHIN_MS });
}

function store(entry) {
  try {
    if (entry) sessionStorage.setItem(KEY, JSON.stringify(entry));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A browser without storage: the server's undo on the item itself remains.
  }
}

function recall() {
  try {
    const entry = JSON.parse(sessionStorage.getItem(KEY));
    return entry && entry.until > Date.now() ? entry : null;
  } catch {
    return null;
  }
}

export function show() {
  const place = document.getElementById("notice");
  const entry = recall();
  if (!place || !entry) return;
  const words = document.createElement("span");
  words.className = "notice-told";
  words.textContent = entry.told;
  place.append(words);
  if (!entry.url) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-small";
  button.dataset.key = "u";
  button.setAttribute("aria-keyshortcuts", "u");
  const left = document.createElement("span");
  // Counting aloud every second would talk over everything else.
  left.setAttribute("aria-hidden", "true");
  left.className = "left";
  const cap = document.createElement("kbd");
  cap.textContent = "U";
  cap.setAttribute("aria-hidden", "true");
  button.append(text("undo"), " ", left, cap);
  place.append(button);
  button.addEventListener("click", () => takeBack(entry, button, words));
  const tick = () => {
    const seconds = Math.ceil((entry.until - Date.now()) / 1000);
    left.textContent = String(Math.max(seconds, 0));
    if (seconds > 0) return;
    clearInterval(timer);
    place.replaceChildren();
    store(null);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

async function takeBack(entry, button, words) {
  button.disabled = true;
  const fields = { form_token: text("form_token"), action: "undo" };
  if (entry.version) fields.version = entry.version;
  const answer = await send(entry.url, fields);
  if (answer.ok) {
    store(null);
    location.assign(answer.next);
    return;
  }
  button.disabled = false;
  words.textContent = answer.text || text("network");
  if (answer.code !== "network") {
    button.remove();
    store(null);
  }
}
