// Plays one clip at a time, as original or marked: two videos of which one is shown, so that the change keeps the very frame.
const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4];
const ASSUMED_FRAME_S = 1 / 25;
const ALMOST_S = 0.001;

export class Player extends EventTarget {
  #videos;
  #current = null;
  #clip = null;
  #speed = 1;
  #frame = ASSUMED_FRAME_S;
  #shown = 0;
  #turn = 0;

  constructor(original, marked) {
    super();
    this.#videos = { original, marked };
    for (const video of [original, marked]) {
      video.addEventListener("play", () => this.#say("state"));
      video.addEventListener("pause", () => this.#say("state"));
      video.addEventListener("ended", () => this.#say("state"));
      video.addEventListener("error", () => video === this.#current && this.#say("broken"));
      if (video.requestVideoFrameCallback) this.#follow(video);
      else for (const kind of ["timeupdate", "seeked"]) video.addEventListener(kind, () => this.#frameShown(video, video.currentTime));
    }
  }

  get playing() {
    return Boolean(this.#current) && !this.#current.paused && !this.#current.ended;
  }

  get time() {
    return this.#shown;
  }

  get speed() {
    return this.#speed;
  }

  // Shows a clip at a time in it. Answers whether it stands there; a later call overtakes an earlier one.
  async show(clip, at, marked) {
    const turn = ++this.#turn;
    const wasPlaying = this.playing;
    const url = marked && clip.markedUrl ? clip.markedUrl : clip.url;
    const video = this.#videos[url === clip.markedUrl ? "marked" : "original"];
    if (this.#clip !== clip && clip.frame) this.#frame = clip.frame;
    this.#clip = clip;
    if (video.dataset.url !== url) {
      video.dataset.url = url;
      video.preload = "auto";
      video.src = url;
    }
    if (video.error) video.load();
    const before = this.#current;
    this.#current = video;
    const there = await this.#seekIn(video, Math.min(at, clip.seconds - this.#frame));
    if (turn !== this.#turn) return false;
    if (before && before !== video) before.pause();
    if (!there) return false;
    video.playbackRate = this.#speed;
    for (const one of Object.values(this.#videos)) one.hidden = one !== video;
    this.#frameShown(video, video.currentTime);
    if (wasPlaying) this.play();
    return true;
  }

  hide() {
    this.#turn += 1;
    for (const video of Object.values(this.#videos)) {
      video.pause();
      video.hidden = true;
    }
  }

  play() {
    const video = this.#current;
    if (!video) return;
    if (video.ended) video.currentTime = 0;
    video.play().catch(() => this.#say("state"));
  }

  pause() {
    this.#current?.pause();
  }

  async seek(at) {
    if (this.#current) await this.#seekIn(this.#current, at);
  }

  // One frame on or back. The length of a frame is learnt: short steps until another picture is shown.
  async step(direction) {
    const video = this.#current;
    if (!video) return;
    video.pause();
    const from = this.#shown;
    for (let tries = 1; tries <= 25; tries += 1) {
      const by = direction > 0 ? this.#frame * (tries + 0.5) : this.#frame * (tries - 0.5);
      const to = from + direction * by;
      if (to < 0 || to > video.duration) break;
      await this.#seekIn(video, to);
      const moved = Math.abs(this.#shown - from);
      if (moved > ALMOST_S) {
        if (tries > 1 && moved < 1) this.#frame = moved;
        break;
      }
    }
  }

  changeSpeed(direction) {
    const place = SPEEDS.indexOf(this.#speed) + direction;
    this.#speed = SPEEDS[Math.min(Math.max(place, 0), SPEEDS.length - 1)];
    if (this.#current) this.#current.playbackRate = this.#speed;
    this.#say("state");
  }

  async #seekIn(video, at) {
    if (video.readyState < 1 && !(await arrived(video, "loadedmetadata"))) return false;
    const to = Math.min(Math.max(at, 0), Math.max(video.duration - ALMOST_S, 0));
    if (Math.abs(video.currentTime - to) > ALMOST_S || video.readyState < 2) {
      const next = pictureOf(video);
      video.currentTime = to;
      if (!(await arrived(video, "seeked"))) return false;
      await next;
    }
    if (!video.requestVideoFrameCallback) this.#frameShown(video, video.currentTime);
    return true;
  }

  #follow(video) {
    let last = null;
    const seen = (_, frame) => {
      // While it plays, the distance of two pictures is the length of a frame (unless one was dropped: then it only looks longer).
      const since = last === null ? 0 : frame.mediaTime - last;
      if (this.playing && since > ALMOST_S && since < this.#frame - ALMOST_S) this.#frame = since;
      last = frame.mediaTime;
      this.#frameShown(video, frame.mediaTime);
      video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback(seen);
  }

  #frameShown(video, at) {
    if (video !== this.#current) return;
    this.#shown = at;
    this.#say("time");
  }

  #say(what) {
    this.dispatchEvent(new CustomEvent(what));
  }
}

function arrived(video, what) {
  return new Promise((resolve) => {
    const stop = new AbortController();
    const done = (well) => {
      stop.abort();
      resolve(well);
    };
    video.addEventListener(what, () => done(true), { signal: stop.signal });
    video.addEventListener("error", () => done(false), { signal: stop.signal });
    if (video.error) done(false);
  });
}

// The next picture that is really on the screen, or a moment later where none comes (the same picture again).
function pictureOf(video) {
  if (!video.requestVideoFrameCallback) return Promise.resolve();
  return new Promise((resolve) => {
    video.requestVideoFrameCallback(resolve);
    video.addEventListener("seeked", () => setTimeout(resolve, 80), { once: true });
  });
}
