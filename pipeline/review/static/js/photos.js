// Photos for an answer: shown before they are sent, since none can be taken back; sent one by one, each with its progress, and again where the network failed.
import { text } from "./texts.js";
import { gate } from "./verdict.js";

const form = document.getElementById("photos-form");
const page = document.getElementById("case");
const KEPT = `doorline.photos.${page.dataset.id}`;
const PATIENCE_MS = 120000;

export function startPhotos() {
  if (form) new Photos();
}

class Photos {
  #chosen = [];
  #list = document.getElementById("photo-list");
  #sendNow = document.getElementById("photo-send");
  #progress = document.getElementById("photo-progress");
  #left = Number(form.dataset.left);
  #sending = null;

  constructor() {
    for (const input of form.querySelectorAll("[data-pick]"))
      input.addEventListener("change", () => {
        this.#add([...input.files]);
        // So that the same photo can be chosen again after it was removed.
        input.value = "";
      });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#sendNow.addEventListener("click", () => this.#send());
    gate("answer", () => this.#sendFirst());
    addEventListener("beforeunload", (event) => this.#pending.length && event.preventDefault());
    this.#tellWhatWasLost();
  }

  get #pending() {
    return this.#chosen.filter((one) => one.state !== "sent");
  }

  #add(files) {
    const free = this.#left - this.#chosen.length;
    for (const file of files.slice(0, Math.max(free, 0))) this.#chosen.push(this.#tile(file));
    const over = files.length - Math.max(free, 0);
    this.#tell(over > 0 ? text("photo_too_many", { n: over }) : "");
    this.#draw();
  }

  #tile(file) {
    const element = document.getElementById("photo-tile").content.firstElementChild.cloneNode(true);
    const one = { file, element, state: "waiting", words: element.querySelector(".photo-note") };
    for (const hint of element.querySelectorAll("[data-word]")) hint.addEventListener("click", () => (one.words.value = hint.textContent));
    element.querySelector("[data-remove]").addEventListener("click", () => this.#remove(one));
    element.querySelector("[data-retry]").addEventListener("click", () => this.#send([one]));
    // Enter in the words sends nothing: the answer is not finished yet.
    one.words.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    this.#list.append(element);
    preview(file, element.querySelector("canvas"));
    if (file.size > Number(form.dataset.bytes)) this.#fail(one, text("photo_bytes"), true);
    else this.#say(one, text("photo_waiting"));
    return one;
  }

  #remove(one) {
    this.#chosen = this.#chosen.filter((other) => other !== one);
    one.element.remove();
    this.#tell("");
    this.#draw();
    form.querySelector("[data-pick]").focus();
  }

  // --- sending ---

  // Before an answer: what was chosen goes first. Answers what stands in the way, "" for nothing.
  async #sendFirst() {
    await this.#send();
    const left = this.#pending.length;
    return left ? text("photo_failed", { n: left }) : "";
  }

  // One after the other: a phone has one narrow line.
  async #send(which = this.#pending) {
    // Whoever asks meanwhile waits for what is under way, and for the rest after it.
    while (this.#sending) await this.#sending;
    const wanted = which.filter((one) => one.state !== "sent" && !one.hopeless);
    this.#sending = this.#sendAll(wanted);
    await this.#sending;
    this.#sending = null;
    this.#draw();
  }

  async #sendAll(wanted) {
    for (const [number, one] of wanted.entries()) {
      this.#progress.textContent = text("photo_sending", { n: number + 1, of: wanted.length });
      this.#progress.hidden = false;
      await this.#sendOne(one);
    }
    this.#progress.hidden = true;
  }

  async #sendOne(one) {
    this.#show(one, "sending");
    let answer = await post(one, (share) => (one.element.querySelector("progress").value = share));
    // Logged in again elsewhere meanwhile: this page's token is of the session before.
    if (answer.code === "form" && (await renewToken())) answer = await post(one, () => {});
    if (!answer.ok) {
      this.#fail(one, answer.text || text("photo_network"), answer.status === 422 || answer.status === 413);
      if (answer.code === "expired_session") this.#offerLogin(one);
      return;
    }
    this.#show(one, "sent");
    this.#say(one, text("photo_sent"));
  }

  #fail(one, words, hopeless = false) {
    one.hopeless = hopeless;
    this.#show(one, "failed");
    this.#say(one, words);
  }

  #offerLogin(one) {
    const way = document.createElement("a");
    Object.assign(way, { href: "/login", target: "_blank", rel: "noopener", textContent: text("login_again") });
    one.element.querySelector(".photo-state").append(" ", way);
  }

  // --- drawing ---

  #show(one, state) {
    one.state = state;
    one.element.dataset.state = state;
    one.words.readOnly = state === "sending" || state === "sent";
    one.element.querySelector(".photo-hints").hidden = one.words.readOnly;
    one.element.querySelector("progress").hidden = state !== "sending";
    one.element.querySelector("[data-retry]").hidden = state !== "failed" || Boolean(one.hopeless);
    one.element.querySelector("[data-remove]").hidden = state === "sending" || state === "sent";
    if (state === "sending") this.#say(one, "");
  }

  #say(one, words) {
    one.element.querySelector(".photo-state").textContent = words;
  }

  #tell(words) {
    const place = document.getElementById("photo-told");
    place.textContent = words;
    place.hidden = !words;
  }

  #draw() {
    const pending = this.#pending.length;
    this.#sendNow.hidden = pending === 0;
    const full = this.#chosen.length >= this.#left;
    for (const way of form.querySelectorAll(".photo-way")) way.classList.toggle("is-off", full);
    for (const input of form.querySelectorAll("[data-pick]")) input.disabled = full;
    remember(pending);
    const most = Number(form.dataset.most);
    form.querySelector(".photo-count").textContent = text("photo_left", { n: most - this.#left + this.#chosen.length, most });
  }

  #tellWhatWasLost() {
    try {
      const lost = Number(sessionStorage.getItem(KEPT) ?? 0);
      if (lost > 0) this.#tell(text("photo_lost", { n: lost }));
      sessionStorage.removeItem(KEPT);
    } catch {
      // Nobody knows of any.
    }
  }
}

// Only how many: files can't be kept.
function remember(pending) {
  try {
    if (pending) sessionStorage.setItem(KEPT, String(pending));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // Then nobody is told after a reload.
  }
}

// fetch() does not say how much was sent; this does. Whatever happens, the answer is a plain object.
function post(one, onShare) {
  return new Promise((resolve) => {
    const fields = new FormData();
    fields.append("form_token", form.querySelector("[name=form_token]").value);
    fields.append("note", one.words.value);
    fields.append("photos", one.file, one.file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action"));
    request.setRequestHeader("Accept", "application/json");
    request.timeout = PATIENCE_MS;
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onShare(event.loaded / event.total));
    request.addEventListener("loadend", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // Nothing came, or it is not ours (a proxy's page): the words for a broken line are shown.
      }
      const ok = request.status === 200 && Array.isArray(answer.photos);
      const said = request.status === 413 ? text("photo_bytes") : (answer.error?.text ?? "");
      resolve({ ok, status: request.status, code: answer.error?.code ?? "", text: said, photos: answer.photos });
    });
    request.send(fields);
  });
}

async function renewToken() {
  try {
    const response = await fetch(location.href, { headers: { "X-Doorline-Prefetch": "1", Accept: "text/html" }, credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#photos-form [name=form_token]");
    if (!response.ok || !fresh) return false;
    for (const field of document.querySelectorAll("[name=form_token]")) field.value = fresh.value;
    return true;
  } catch {
    return false;
  }
}

// A small drawing of it, upright as it will be kept. What the browser can't read is named instead.
async function preview(file, canvas) {
  const context = canvas.getContext("2d");
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    context.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
    picture.close();
    canvas.setAttribute("aria-label", `${text("photo_preview")} ${file.name}`);
  } catch {
    canvas.classList.add("photo-blind");
    canvas.setAttribute("aria-label", `${text("photo_no_preview")} ${file.name}`);
  }
}
