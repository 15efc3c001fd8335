// Elements of a drawing.
const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  element.append(...children);
  return element;
}

export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

// As many elements in a group as there are things, made where they are missing: what has the focus keeps it.
export function match(group, things, make, fill) {
  while (group.childElementCount > things.length) group.lastElementChild.remove();
  things.forEach((thing, index) => {
    const element = group.children[index] ?? group.appendChild(make(thing));
    fill(element, thing, index);
  });
}
