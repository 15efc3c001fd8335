// What the large picture shows: a still, a clip or the comparison, as original or marked, wide or close. One state, drawn by one function.
import { Compare } from "./compare.js";
import { Player } from "./player.js";
import { Timeline, clock } from "./timeline.js";
import { text } from "./texts.js";

const PREFERRED = "doorline.marked";
const byId = (id) => document.getElementById(id);

export class Stage {
  #entries = [...document.querySelectorAll("#strip [data-view]")];
  #clips = [];
  #player = new Player(byId("video-original"), byId("video-marked"));
  #compare = new Compare(byId("compare"));
  #timeline = byId("timeline") ? new Timeline(byId("timeline")) : null;
  #moments = [...document.querySelectorAll("[data-moment][data-media]")];
  #entry = null;
  #still = null;
  #marked = true;
  #close = false;
  #turn = 0;

  constructor() {
    this.#marked = read(PREFERRED) !== "0";
    this.#clips = this.#entries.filter((one) => one.dataset.view === "clip").map((one) => this.#clipOf(one));
    if (this.#timeline) this.#timeline.covered = this.#clips.filter((one) => one.from !== null).map((one) => [one.from, one.from + one.seconds]);
    this.#still = this.#entries.find((one) => one.getAttribute("aria-current")) ?? this.#entries.find((one) => one.dataset.view === "still") ?? null;
    this.#listen();
    if (this.#still) this.#show(this.#still);
    else if (this.#clips.length) this.#playFrom(this.#clips[0], 0, false);
    else this.#draw();
  }

  // Media time of the clip's start, as the record says it; else by a moment that both the clip and the record know.
  #clipOf(entry) {
    const marks = Object.fromEntries(entry.dataset.marks.trim().split(/\s+/).filter(Boolean).map((one) => one.split(":")));
    const known = this.#moments.find((one) => one.dataset.moment in marks);
    return {
      entry,
      url: entry.dataset.url,
      markedUrl: entry.dataset.markedUrl,
      seconds: Number(entry.dataset.seconds),
      frame: entry.dataset.fps ? 1 / Number(entry.dataset.fps) : 0,
      marks,
      from: entry.dataset.begin ? Number(entry.dataset.begin) : known ? Number(known.dataset.media) - Number(marks[known.dataset.moment]) : null,
    };
  }

  #listen() {
    for (const entry of this.#entries)
      entry.addEventListener("click", (event) => {
        // Ctrl and middle click still open the picture itself.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        if (entry.dataset.view !== "clip") this.#show(entry);
        else if (entry !== this.#entry) this.#playFrom(this.#clips.find((one) => one.entry === entry), 0, false);
      });
    // Photos are shown again below, with who took them: there, too, they open large.
    for (const way of document.querySelectorAll("[data-shows]"))
      way.addEventListener("click", (event) => {
        const entry = this.#entries.find((one) => one.dataset.name === way.dataset.shows);
        if (!entry || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.#show(entry);
        byId("case").scrollIntoView({ block: "start" });
      });
    byId("play").addEventListener("click", () => this.#togglePlay());
    byId("step-back").addEventListener("click", () => this.#step(-1));
    byId("step-on").addEventListener("click", () => this.#step(1));
    byId("slower").addEventListener("click", () => this.#player.changeSpeed(-1));
    byId("faster").addEventListener("click", () => this.#player.changeSpeed(1));
    byId("toggle-marked").addEventListener("click", () => this.#toggleMarked());
    byId("toggle-close").addEventListener("click", () => this.#toggleClose());
    byId("toggle-compare")?.addEventListener("click", () => this.#toggleCompare());
    byId("scrub").addEventListener("input", (event) => this.#scrub(Number(event.target.value)));
    this.#player.addEventListener("time", () => this.#drawTime());
    this.#player.addEventListener("state", () => this.#drawControls());
    this.#player.addEventListener("broken", () => this.#tell(text("clip_broken")));
    this.#timeline?.addEventListener("go", (event) => this.#goTo(event.detail.media, event.detail.by));
    byId("still").addEventListener("error", () => byId("still").hidden || this.#tell(text("picture_broken")));
    byId("stage").addEventListener("click", (event) => event.target.tagName === "VIDEO" && this.#togglePlay());
  }

  // Media time of what is shown; the comparison stands where its still does.
  get #media() {
    const clip = this.#clip;
    if (clip) return clip.from === null ? null : clip.from + this.#player.time;
    const entry = this.#entry?.dataset.view === "compare" ? this.#still : this.#entry;
    return entry?.dataset.media ? Number(entry.dataset.media) : null;
  }

  get #clip() {
    return this.#clips.find((one) => one.entry === this.#entry) ?? null;
  }

  // --- what can be asked for ---

  #show(entry) {
    this.#entry = entry;
    if (entry.dataset.view === "still") this.#still = entry;
    this.#draw();
  }

  async #playFrom(clip, at, play) {
    this.#entry = clip.entry;
    const turn = ++this.#turn;
    this.#drawStrip();
    this.#drawControls();
    const there = await this.#player.show(clip, at, this.#marked);
    if (turn !== this.#turn) return;
    if (there) {
      this.#frame(null);
      byId("still").hidden = true;
      this.#compare.hide();
      this.#tell("");
      if (play) this.#player.play();
    }
    this.#drawControls();
  }

  #togglePlay() {
    if (this.#clip) {
      if (this.#player.playing) this.#player.pause();
      else this.#player.play();
      return;
    }
    this.#fromStill(true);
  }

  #step(direction) {
    if (this.#clip) this.#player.step(direction);
    else this.#fromStill(false);
  }

  // From a still into the clip, at the moment that the still shows.
  #fromStill(play) {
    const media = this.#media;
    const clip = this.#covering(media) ?? this.#clips[0];
    if (clip) this.#playFrom(clip, media !== null && this.#covers(clip, media) ? media - clip.from : 0, play);
  }

  #scrub(at) {
    const clip = this.#clip ?? this.#clips[0];
    if (this.#clip) this.#player.seek(at);
    else if (clip) this.#playFrom(clip, at, false);
  }

  #goTo(media, by) {
    const clip = this.#covering(media);
    if (clip) {
      if (this.#clip === clip) this.#player.seek(media - clip.from);
      else this.#playFrom(clip, media - clip.from, false);
      return;
    }
    // No clip there: the still of that moment, else say so.
    const still = this.#entries.find((one) => one.dataset.view === "still" && one.dataset.name === by);
    if (still) this.#show(still);
    else this.#tell(text("no_clip"), true);
  }

  #toggleMarked() {
    this.#marked = !this.#marked;
    write(PREFERRED, this.#marked ? "1" : "0");
    if (this.#clip) this.#playFrom(this.#clip, this.#player.time, false);
    else this.#draw();
  }

  #toggleClose() {
    if (!this.#hasClose()) {
      this.#tell(text("no_close"), true);
      return;
    }
    // Out of a clip: to the close picture nearest in time.
    if (this.#clip) {
      this.#close = true;
      this.#show(this.#nearestStill());
      return;
    }
    this.#close = !this.#close;
    this.#draw();
  }

  #nearestStill() {
    const media = this.#media;
    const stills = this.#entries.filter((one) => one.dataset.view === "still" && one.dataset.close && one.dataset.media);
    if (media === null || !stills.length) return this.#still;
    const away = (one) => Math.abs(Number(one.dataset.media) - media);
    return stills.reduce((best, one) => (away(one) < away(best) ? one : best));
  }

  #toggleCompare() {
    const compare = this.#entries.find((one) => one.dataset.view === "compare");
    this.#show(this.#entry === compare ? this.#still : compare);
  }

  // --- drawing ---

  #hasClose() {
    if (this.#entry?.dataset.view === "compare") return Boolean(this.#entry.dataset.close && this.#still?.dataset.close);
    return Boolean(this.#still?.dataset.close);
  }

  // The address of an entry's picture as asked for, or the nearest there is.
  #picture(entry, wantsMarked = this.#marked) {
    const close = this.#close && this.#hasClose() && entry.dataset.close;
    const plain = close ? entry.dataset.close : entry.dataset.wide || entry.dataset.close;
    const marked = close ? entry.dataset.closeMarked : entry.dataset.wideMarked || entry.dataset.closeMarked;
    return wantsMarked ? marked || plain : plain || marked;
  }

  async #draw() {
    const entry = this.#entry;
    const turn = ++this.#turn;
    this.#drawStrip();
    this.#drawControls();
    if (!entry || this.#clip) return;
    const still = byId("still");
    if (entry.dataset.view === "compare") {
      await Promise.all([ready(this.#picture(this.#still)), ready(this.#picture(entry))]);
      if (turn !== this.#turn) return;
      this.#frame(this.#still);
      this.#compare.show(this.#picture(this.#still), this.#picture(entry), this.#still.dataset.label);
      still.hidden = true;
    } else {
      const url = this.#picture(entry);
      // Decoded before it is shown: the old picture stays until then, nothing flashes.
      if (still.getAttribute("src") !== url) await ready(url);
      if (turn !== this.#turn) return;
      this.#frame(entry);
      still.src = url;
      still.alt = text("still_alt", { moment: entry.dataset.label });
      still.hidden = false;
      this.#compare.hide();
    }
    this.#player.hide();
    this.#tell("");
    this.#drawControls();
  }

  // The frame takes the taller of original and marked copy, so that the street stays where it is when one follows the other.
  // Both are wanted anyway: the other one is then there at once. A clip has the shape of a wide picture.
  async #frame(entry) {
    const turn = this.#turn;
    const wide = entry ?? this.#still;
    if (!wide) return;
    const urls = entry ? [this.#picture(wide, true), this.#picture(wide, false)] : [wide.dataset.wideMarked, wide.dataset.wide].filter(Boolean);
    const shapes = (await Promise.all(urls.map(ready))).filter((one) => one > 0);
    if (turn === this.#turn && shapes.length) byId("stage").style.setProperty("--aspect", String(Math.min(...shapes)));
  }

  #drawStrip() {
    for (const entry of this.#entries) {
      if (entry === this.#entry) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
    this.#entry?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }

  #drawControls() {
    const playing = this.#player.playing && Boolean(this.#clip);
    byId("viewer").classList.toggle("is-playing", playing);
    byId("viewer").dataset.view = this.#entry?.dataset.view ?? "";
    byId("play-name").textContent = text(playing ? "pause" : "play");
    byId("speed").textContent = `${this.#player.speed}×`;
    press("toggle-marked", this.#marked);
    press("toggle-close", this.#close && !this.#clip);
    press("toggle-compare", this.#entry?.dataset.view === "compare");
    const scrub = byId("scrub");
    scrub.max = String((this.#clip ?? this.#clips[0])?.seconds ?? 1);
    this.#drawTime();
  }

  #drawTime() {
    const clip = this.#clip;
    const at = clip ? this.#player.time : null;
    const media = this.#media;
    if (this.#timeline) this.#timeline.now = media;
    const scrub = byId("scrub");
    const reach = Number(scrub.max) || 1;
    const place = clip ? at : media !== null && this.#clips[0] && this.#covers(this.#clips[0], media) ? media - this.#clips[0].from : 0;
    scrub.value = String(place);
    scrub.style.setProperty("--done", `${(100 * place) / reach}%`);
    if (clip) scrub.setAttribute("aria-valuetext", `${clock(at)} / ${clock(clip.seconds)}`);
    const [name, time] = clip ? [`${clock(at)} / ${clock(clip.seconds)}`, this.#wallClock(media)] : [this.#entry?.dataset.label ?? "", this.#entry?.dataset.clock ?? ""];
    const shown = byId("shown");
    if (!shown.firstElementChild) shown.append(document.createElement("span"), " ", document.createElement("span"));
    if (shown.childElementCount < 2) shown.append(" ", document.createElement("span"));
    shown.firstElementChild.className = "shown-name";
    shown.firstElementChild.textContent = name;
    shown.lastElementChild.className = "shown-time";
    shown.lastElementChild.textContent = time;
  }

  // The time of day in the picture, reckoned from a moment whose time of day the record knows.
  #wallClock(media) {
    const known = this.#moments.find((one) => one.dataset.clock);
    if (media === null || !known) return "";
    const [hours, minutes, seconds] = known.dataset.clock.split(":").map(Number);
    const day = 86400;
    const at = (((hours * 3600 + minutes * 60 + seconds + media - Number(known.dataset.media)) % day) + day) % day;
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    return `${two(at / 3600)}:${two((at % 3600) / 60)}:${(at % 60).toFixed(1).padStart(4, "0")}`;
  }

  #covers(clip, media) {
    return clip.from !== null && media >= clip.from - 0.05 && media <= clip.from + clip.seconds + 0.05;
  }

  #covering(media) {
    if (media === null) return null;
    if (this.#clip && this.#covers(this.#clip, media)) return this.#clip;
    return this.#clips.find((one) => this.#covers(one, media)) ?? null;
  }

  #tell(words, briefly = false) {
    const place = byId("stage-told");
    place.textContent = words;
    place.hidden = !words;
    clearTimeout(this.telling);
    if (briefly) this.telling = setTimeout(() => this.#tell(""), 2500);
  }
}

// Decoded and kept; answers width by height, 0 where there is no such picture.
const kept = new Map();

async function ready(url) {
  if (!url) return 0;
  const picture = kept.get(url) ?? new Image();
  if (!kept.has(url)) {
    picture.src = url;
    kept.set(url, picture);
  }
  try {
    await picture.decode();
  } catch {
    // The image itself will say that it is broken.
    return 0;
  }
  return picture.naturalWidth / picture.naturalHeight;
}

function press(id, on) {
  document.getElementById(id)?.setAttribute("aria-pressed", String(on));
}

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A preference that is forgotten, no more.
  }
}
