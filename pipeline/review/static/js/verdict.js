// Verdicts: sent in the background so that nothing typed is ever lost; the plain forms below do the same without a script.
import { open } from "./dialogs.js";
import { remember } from "./notice.js";
import { send } from "./sending.js";
import { text } from "./texts.js";

const page = document.getElementById("case");
const DRAFTS = `doorline.draft.${page.dataset.id}.`;
const gates = new Map();
let busy = false;

// What has to be done before a step is sent: ``act`` answers what stands in the way, "" for nothing.
export function gate(step, act) {
  gates.set(step, act);
}

export function start() {
  for (const form of document.querySelectorAll("form[data-step]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(form, event.submitter);
    });
    // A missing shop is asked for by our own dialog instead of the browser's bubble.
    if ("needsShop" in form.dataset) form.noValidate = true;
    keepDraft(form);
    demandNote(form);
  }
  chooseShop();
  countUndo();
}

async function submit(form, submitter) {
  if (busy) return;
  if ("needsShop" in form.dataset && !new FormData(form).get("shop_code")) {
    openShops("confirm");
    return;
  }
  busy = true;
  showError(form, "");
  for (const button of buttons()) button.disabled = true;
  (submitter ?? form).setAttribute("aria-busy", "true");
  const refused = await gates.get(form.dataset.step)?.();
  if (refused) {
    release(form, submitter);
    showError(form, refused);
    return;
  }
  const fields = new FormData(form);
  // Not form.action: that is the field of this name.
  const answer = await send(form.getAttribute("action"), fields);
  if (answer.ok) {
    forgetDraft(form);
    // Every step counts one version up: what is taken back is that step and no later one.
    if (form.dataset.step !== "undo") remember(answer.told ?? "", form.getAttribute("action"), Number(fields.get("version")) + 1);
    location.assign(answer.next || "/");
    return;
  }
  release(form, submitter);
  showError(form, answer.text || text("network"), answer.code);
}

function buttons() {
  return document.querySelectorAll(".act, [data-send]");
}

function release(form, submitter) {
  busy = false;
  for (const button of buttons()) button.disabled = false;
  (submitter ?? form).removeAttribute("aria-busy");
}

// Beside the button that was pressed: in its dialog, else on the panel.
function showError(form, words, code = "") {
  const place = form.querySelector(".form-error") ?? document.getElementById("told");
  place.hidden = !words;
  place.textContent = words;
  if (words) place.scrollIntoView?.({ block: "nearest" });
  if (["stale", "state", "claimed", "form"].includes(code)) addWay(place, text("reload"), location.href);
  // In a tab of its own: here everything stays as it was typed.
  if (code === "expired_session") addWay(place, text("login_again"), "/login", "_blank");
}

function addWay(place, words, address, target = "") {
  const way = document.createElement("a");
  way.href = address;
  way.textContent = words;
  if (target) {
    way.target = target;
    way.rel = "noopener";
  }
  place.append(" ", way);
}

// --- the shop of an ambiguous case ---

function openShops(mode) {
  const dialog = document.getElementById("dialog-shop");
  if (!dialog) return;
  dialog.dataset.mode = mode;
  open(dialog);
}

function chooseShop() {
  const dialog = document.getElementById("dialog-shop");
  if (!dialog) return;
  dialog.dataset.mode = "pick";
  dialog.addEventListener("close", () => (dialog.dataset.mode = "pick"));
  const panel = [...document.querySelectorAll("#shops input[name=shop_code]")];
  dialog.addEventListener("opening", () => {
    const code = panel.find((one) => one.checked)?.value;
    for (const one of dialog.querySelectorAll("[name=picked]")) one.checked = one.value === code;
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const mode = dialog.dataset.mode;
    const code = new FormData(event.target).get("picked");
    for (const one of panel) one.checked = one.value === code;
    dialog.close();
    if (mode === "confirm") document.getElementById("step-confirm").requestSubmit();
    else document.querySelector("[form=step-confirm].act")?.focus();
  });
}

// --- what was chosen and typed is kept until it is sent: also over a reload or a new login ---

const OURS = new Set(["form_token", "version", "action", "squad", "deadline_hours"]);

function keepDraft(form) {
  if (!form.querySelector("[data-draft]")) return;
  const key = DRAFTS + form.dataset.step;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    for (const field of form.elements) {
      if (!(field.name in kept) || OURS.has(field.name)) continue;
      if (field.type === "radio") field.checked = field.value === kept[field.name];
      else field.value = kept[field.name];
    }
    form.addEventListener("input", () => {
      const said = [...new FormData(form)].filter(([name]) => !OURS.has(name));
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(said)));
    });
  } catch {
    // Without storage a draft lives as long as the page.
  }
}

function forgetDraft(form) {
  try {
    sessionStorage.removeItem(DRAFTS + form.dataset.step);
  } catch {
    // There was none.
  }
}

// "Other" says nothing by itself: the sentence is asked for at once instead of after sending.
function demandNote(form) {
  const note = form.querySelector("textarea[name=note]");
  if (!note || note.required) return;
  note.required = form.querySelector("[name=reason]:checked")?.value === "other";
  form.addEventListener("change", (event) => {
    if (event.target.name !== "reason") return;
    note.required = event.target.value === "other";
    if (note.required) note.focus();
  });
}

function countUndo() {
  const form = document.querySelector(".undo-form");
  if (!form) return;
  const left = form.querySelector(".left");
  const until = Date.now() + Number(form.dataset.left) * 1000;
  const timer = setInterval(() => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    left.textContent = String(Math.max(seconds, 0));
    if (seconds > 0) return;
    clearInterval(timer);
    form.hidden = true;
  }, 1000);
}
