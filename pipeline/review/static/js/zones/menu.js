// A small menu at a place of the screen, by pointer and by keys.
export class Menu {
  #root;
  #before = null;

  constructor(root) {
    this.#root = root;
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("focusout", (event) => {
      if (!root.contains(event.relatedTarget)) this.close(false);
    });
  }

  // "items": [{label, key, act, isGrave}]
  open([x, y], items) {
    this.#before = document.activeElement;
    this.#root.replaceChildren(...items.map((item) => this.#entry(item)));
    this.#root.hidden = false;
    const box = this.#root.getBoundingClientRect();
    this.#root.style.left = `${Math.max(Math.min(x, innerWidth - box.width - 8), 8)}px`;
    this.#root.style.top = `${Math.max(Math.min(y, innerHeight - box.height - 8), 8)}px`;
    this.#root.firstElementChild?.focus();
  }

  close(returns = true) {
    if (this.#root.hidden) return;
    this.#root.hidden = true;
    if (returns) this.#before?.focus?.({ preventScroll: true });
  }

  #entry({ label, key, act, isGrave }) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.className = `menu-entry${isGrave ? " is-grave" : ""}`;
    button.tabIndex = -1;
    const words = document.createElement("span");
    words.textContent = label;
    button.append(words);
    if (key) {
      const cap = document.createElement("kbd");
      cap.textContent = key;
      cap.setAttribute("aria-hidden", "true");
      button.append(cap);
    }
    button.addEventListener("click", () => {
      this.close();
      act();
    });
    return button;
  }

  #key(event) {
    const entries = [...this.#root.children];
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key];
    if (to !== undefined) entries[to % entries.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
