// The zones editor: puts its parts together.
import "../keys.js";
import "../dialogs.js";
import { bind } from "../keys.js";
import { show as showNotice } from "../notice.js";
import { text } from "../texts.js";
import { Actions } from "./actions.js";
import { Copying, Importing } from "./bringing.js";
import { Checking } from "./checking.js";
import { ContextActs } from "./context_acts.js";
import { Draft } from "./draft.js";
import { Drawing } from "./drawing.js";
import { byId, make } from "./elements.js";
import { clamped } from "./geometry.js";
import { exportDraft } from "./exporting.js";
import { Keeping } from "./keeping.js";
import { Loupe } from "./loupe.js";
import { Menu } from "./menu.js";
import { Names, pointText } from "./naming.js";
import { Options } from "./options.js";
import { Panel } from "./panel.js";
import { Pictures } from "./pictures.js";
import { Plan } from "./plan.js";
import { Saving } from "./saving.js";
import { StageKeys } from "./stage_keys.js";
import { Tabs } from "./tabs.js";
import { ask } from "./talking.js";
import { Times } from "./times.js";
import { Tools } from "./tools.js";
import { Trying } from "./trying.js";
import { Uploading } from "./uploading.js";
import { Versions, wordOf } from "./versions.js";
import { View } from "./view.js";
import { ZoneList } from "./zone_list.js";
import { changesSince, countOf, featuresOf, zonesOf } from "./zones.js";

const ZOOM_STEP = 1.25;
const page = byId("editor");
const root = byId("plan");

// What all parts share. Each is made once; which one needs which is seen from what it takes out of it.
const board = {
  root,
  mayDraw: "mayDraw" in page.dataset,
  camera: { id: page.dataset.camera, place: page.dataset.place, street: page.dataset.street, account: page.dataset.account, author: page.dataset.author },
  urls: Object.fromEntries(["current", "check", "try", "save", "import", "upload"].map((name) => [name, page.dataset[name]])),
  say,
  tellStage,
  tellPlace,
  tellAll,
  draftText,
  reload,
  take,
};

function say(words) {
  const place = byId("said");
  // The same words again are said again.
  place.textContent = place.textContent === words ? `${words}\u00a0` : words;
}

function tellStage(words) {
  byId("bench-told").textContent = words;
  byId("bench-told").hidden = !words;
}

// Where the pointer is, for the eye alone: aloud it would never end.
function tellPlace(point) {
  byId("bench-at").textContent = point ? pointText(clamped(point)) : "";
}

// In the head of the page, where every page tells what was done.
function tellAll(words) {
  byId("notice").replaceChildren(make("span", { className: "notice-told", words }));
}

function draftText(more = {}) {
  const { base, draft, view } = board;
  const whole = { base_sha256: base.sha256, picture_px: view.size, timezone: base.timezone, version: base.next_version, reason: "", reference: "keep" };
  return JSON.stringify({ ...whole, ...more, features: featuresOf(draft.zones) });
}

// The zones in force have changed: what is compared with and saved upon from now on.
function take(current) {
  board.base = current;
  byId("version").hidden = !current.version;
  byId("version").textContent = wordOf(current.version);
  byId("version").title = current.version;
  board.versions?.draw();
}

async function reload() {
  const current = await ask(board.urls.current);
  if (!current.ok) {
    say(current.text);
    return;
  }
  const zones = zonesOf(current.features, board.draft.zones);
  take(current);
  board.pictures.renew(current.pictures);
  board.draft.rebase(zones, zones);
}

async function start() {
  showNotice();
  const current = await ask(board.urls.current);
  if (!current.ok) {
    tellStage(current.text);
    return;
  }
  tellStage("");
  const { mayDraw } = board;
  take(current);
  board.shops = current.shops;
  board.names = new Names(current.shops);
  board.times = new Times(current.timezone);
  board.options = new Options();
  board.view = new View(root, current.picture_px);
  board.draft = new Draft(zonesOf(current.features));
  board.drawing = new Drawing();
  board.plan = new Plan(root, board.view, board.draft, board.drawing, board.names, mayDraw);
  board.menu = new Menu(byId("menu"));
  board.loupe = new Loupe(byId("loupe"), board.view);
  board.tabs = new Tabs(document.querySelector(".side-tabs"));
  board.actions = new Actions(board);
  board.checking = new Checking(board, current);
  board.panel = new Panel(board);
  board.list = new ZoneList(board);
  board.pictures = new Pictures(board, current.pictures);
  board.versions = new Versions(board);
  board.tools = new Tools(board, root);
  new StageKeys(board, board.tools);
  if (mayDraw) startDrawing();
  for (const words of [current.problem, current.notice]) if (words) byId("notices").append(make("p", { className: "told told-warn", words }));
  bindLooks();
  board.checking.addEventListener("checked", () => {
    board.plan.marks = board.checking.marks;
    board.plan.later();
    board.list.draw();
    board.panel.drawFaults();
  });
  board.checking.draw();
  board.versions.draw();
  board.list.draw();
  board.plan.draw();
  page.dataset.ready = "";
}

function startDrawing() {
  const { draft } = board;
  board.trying = new Trying(board);
  board.saving = new Saving(board);
  board.copying = new Copying(board);
  board.importing = new Importing(board);
  board.uploading = new Uploading(board);
  new ContextActs(board);
  draft.addEventListener("changed", (event) => {
    drawState();
    const { what } = event.detail;
    if (what?.of) say(text(what.key, { what: text(what.of.key, what.of.values) }));
    else if (what) say(text(what.key, what.values));
  });
  draft.addEventListener("selected", () => sayZone());
  board.keeping = new Keeping(board);
  bindTools();
  drawState();
}

// Whoever hears the page is told what was chosen; the vertices say themselves.
function sayZone() {
  const { draft, names } = board;
  if (draft.zone && draft.vertex === null) say(text("zones.did.chosen", { zone: names.aloud(draft.zone), n: draft.zone.ring.length }));
}

function drawState() {
  const { draft } = board;
  const count = countOf(changesSince(draft.base, draft.zones));
  byId("undo").disabled = !draft.canUndo;
  byId("redo").disabled = !draft.canRedo;
  byId("unsaved").hidden = !draft.isChanged;
  byId("unsaved").textContent = count ? text("zones.unsaved", { n: count }) : text("zones.unsaved_order");
}

function bindTools() {
  const { actions, draft, drawing, menu, options } = board;
  let last = "frontage";
  const kinds = [...document.querySelectorAll(".tool-kind")];
  const begin = (kind, byKeys) => {
    last = kind;
    actions.begin(kind, byKeys);
  };
  // A click that no pointer made came from a key.
  for (const tool of kinds) tool.addEventListener("click", (event) => begin(tool.dataset.kind, event.detail === 0));
  byId("tool-select").addEventListener("click", () => (drawing.isActive ? actions.giveUp() : root.focus({ preventScroll: true })));
  bind("n", () => begin(last, true));
  const draw = () => {
    byId("tool-select").setAttribute("aria-pressed", String(!drawing.isActive));
    for (const tool of kinds) tool.setAttribute("aria-pressed", String(tool.dataset.kind === drawing.kind));
    root.classList.toggle("is-drawing", drawing.isActive);
    root.classList.toggle("is-closing", drawing.isClosing);
  };
  drawing.addEventListener("drawn", draw);
  options.bindToggle(byId("toggle-snap"), "snap", (on) => say(text(on ? "zones.did.snap_on" : "zones.did.snap_off")));
  options.bindToggle(byId("toggle-together"), "together", (on) => say(text(on ? "zones.did.together_on" : "zones.did.together_off")));
  byId("undo").addEventListener("click", () => draft.undo());
  byId("redo").addEventListener("click", () => draft.redo());
  byId("more").addEventListener("click", () => {
    const box = byId("more").getBoundingClientRect();
    menu.open([box.left, box.bottom + 4], moreItems());
  });
  document.addEventListener("keydown", (event) => withControl(event));
}

function moreItems() {
  const { base, copying, draft, importing, pictures, saving, uploading } = board;
  const { main } = pictures;
  const items = [
    [base.cameras.length, { label: text("zones.copy_from_camera"), act: () => copying.open() }],
    [true, { label: text("zones.import_open"), act: () => importing.open() }],
    [base.sha256, { label: text("zones.export"), act: () => byId("export").click() }],
    [draft.zones.length, { label: text("zones.export_draft"), act: () => exportDraft(board) }],
    [true, { label: text("zones.upload_open"), act: () => uploading.open() }],
    [base.sha256 && main?.clean, { label: text("zones.reference_set"), act: () => saving.open(main.key) }],
    [uploading.isUploaded, { label: text("zones.upload_remove"), act: () => uploading.remove(), isGrave: true }],
  ];
  return items.filter(([isOffered]) => isOffered).map(([, item]) => item);
}

function withControl(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const { actions, draft, drawing, saving } = board;
  const key = event.key.toLowerCase();
  // What is typed is taken back by the field itself.
  const isTyped = event.target.matches?.("textarea, input:not([type=range]):not([type=radio]):not([type=checkbox])");
  if (key === "s") saving.open();
  else if (isTyped) return;
  else if (key === "z" && drawing.isActive) actions.takeBack();
  else if (key === "z" && event.shiftKey) draft.redo();
  else if (key === "z") draft.undo();
  else if (key === "y") draft.redo();
  else if (key === "d" && draft.zone) actions.copyZone();
  else return;
  event.preventDefault();
}

function bindLooks() {
  const { options, plan, view } = board;
  options.bindToggle(byId("toggle-labels"), "labels", (on) => {
    plan.isLabelled = on;
    say(text(on ? "zones.did.labels_on" : "zones.did.labels_off"));
  });
  plan.isLabelled = options.labels;
  const slide = byId("slide-opacity");
  slide.value = String(options.opacity);
  const dim = () => root.style.setProperty("--opacity", slide.value);
  slide.addEventListener("input", () => {
    options.set("opacity", Number(slide.value));
    dim();
  });
  dim();
  const zooms = { "zoom-in": ZOOM_STEP, "zoom-out": 1 / ZOOM_STEP };
  for (const [id, factor] of Object.entries(zooms)) byId(id).addEventListener("click", () => view.zoomBy(factor));
  byId("zoom-fit").addEventListener("click", () => view.fit());
  for (const key of ["+", "="]) bind(key, () => view.zoomBy(ZOOM_STEP));
  for (const key of ["-", "_"]) bind(key, () => view.zoomBy(1 / ZOOM_STEP));
  const draw = () => (byId("zoom").textContent = `${Math.round(view.zoom * 100)} %`);
  view.addEventListener("view", draw);
  draw();
}

start();
