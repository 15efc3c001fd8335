// Words come from the page (its catalogue), never from a script.
const block = document.getElementById("texts");
const texts = block ? JSON.parse(block.textContent) : {};

export function text(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
