// A picture from elsewhere to draw on. It becomes the reference only with zones that are saved with it.
import { open } from "../dialogs.js";
import { byId, icon, make } from "./elements.js";
import { tell } from "./talking.js";
import { text } from "../texts.js";

const PATIENCE_MS = 120000;
const UPLOADED = "uploaded-";

export class Uploading {
  #board;
  #isBusy = false;

  constructor(board) {
    this.#board = board;
    for (const id of ["picture-upload", "picture-upload-first"]) byId(id).addEventListener("click", () => this.open());
    byId("upload-file").addEventListener("change", () => this.#fault(this.#tooLarge()));
    byId("upload-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  open() {
    byId("upload-form").reset();
    this.#fault("");
    open(byId("dialog-upload"));
    byId("upload-file").focus();
  }

  // Whether the picture that lies under the drawing is one that somebody uploaded.
  get isUploaded() {
    return this.#board.pictures.main?.key.startsWith(UPLOADED) ?? false;
  }

  async remove() {
    const { pictures, say, tellAll, urls } = this.#board;
    const { key } = pictures.main;
    const answer = await tell(`${urls.upload}/${encodeURIComponent(key)}/remove`, {});
    if (!answer.ok && answer.status !== 404) {
      say(answer.text);
      return;
    }
    pictures.remove(key);
    if (answer.ok) tellAll(answer.told);
  }

  async #send() {
    const file = byId("upload-file").files[0];
    if (this.#isBusy || !file || this.#tooLarge()) return;
    this.#busy(true);
    this.#fault("");
    const answer = await tell(this.#board.urls.upload, { file }, { patience: PATIENCE_MS });
    this.#busy(false);
    if (!answer.ok) {
      this.#fault(answer.text);
      return;
    }
    byId("dialog-upload").close();
    this.#board.pictures.add(answer.picture);
    this.#board.tellAll(answer.told);
    this.#board.root.focus({ preventScroll: true });
  }

  // Told before it is sent in vain.
  #tooLarge() {
    const file = byId("upload-file").files[0];
    return file && file.size > Number(byId("upload-file").dataset.most) ? text("zones.upload_too_large", { size: (file.size / 2 ** 20).toFixed(1) }) : "";
  }

  #fault(words) {
    byId("upload-error").hidden = !words;
    byId("upload-error").replaceChildren(icon("broken"), make("p", { words }));
    byId("upload-send").disabled = Boolean(words) && Boolean(this.#tooLarge());
  }

  #busy(on) {
    this.#isBusy = on;
    byId("upload-send").disabled = on;
    byId("upload-send").toggleAttribute("aria-busy", on);
    byId("upload-wait").hidden = !on;
  }
}
