// Lists that share one place.
export class Tabs {
  #tabs;

  constructor(root) {
    this.#tabs = [...root.querySelectorAll("[role=tab]")];
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.#open(tab));
    root.addEventListener("keydown", (event) => {
      const at = this.#tabs.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      const tab = this.#tabs.at(to % this.#tabs.length);
      this.#open(tab);
      tab.focus();
    });
  }

  show(name) {
    this.#open(this.#tabs.find((tab) => tab.id === `tab-${name}`));
  }

  #open(wanted) {
    for (const tab of this.#tabs) {
      const isOpen = tab === wanted;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isOpen;
    }
  }
}
