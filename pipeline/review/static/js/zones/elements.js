// Small pieces of page, made by scripts.
export const byId = (id) => document.getElementById(id);

export function make(name, { className = "", words = "", ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (words) element.textContent = words;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Words with a look.
export function span(className, words) {
  return make("span", { className, words });
}

export function button(words, act, className = "button button-small") {
  const made = make("button", { type: "button", className, words });
  made.addEventListener("click", act);
  return made;
}

export function icon(name) {
  return byId("icons").content.querySelector(`[data-icon="${name}"]`)?.firstElementChild.cloneNode(true) ?? "";
}

// How the ground of a kind looks.
export function swatch(kind) {
  return byId("swatches").content.querySelector(`.zone-${CSS.escape(kind)}`)?.ownerSVGElement.cloneNode(true) ?? "";
}
