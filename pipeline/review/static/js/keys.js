// Keys press the control that carries them (data-key), so that a key can never do what no button does, and a disabled button stays off.
const bound = new Map();

// For keys without a control of their own, such as moving in a list.
export function bind(key, act) {
  bound.set(key, act);
}

function isTyping(target) {
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return target.tagName === "INPUT" && !["radio", "checkbox", "range", "button", "submit"].includes(target.type);
}

// Space and Enter belong to the button, link or box that has the focus.
function belongsToControl(event) {
  if (event.key === " ") return Boolean(event.target.closest("button, summary, input, [role=button]"));
  return event.key === "Enter" && Boolean(event.target.closest("a, button, summary, input"));
}

function controlOf(key) {
  for (const control of document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) {
    const shown = control.checkVisibility ? control.checkVisibility() : control.offsetParent !== null;
    if (shown && !control.disabled) return control;
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || belongsToControl(event)) return;
  // An open dialog has the keys to itself (dialogs.js).
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = bound.get(key);
  if (act) {
    if (act(event) !== false) event.preventDefault();
    return;
  }
  const control = controlOf(key);
  if (!control) return;
  event.preventDefault();
  // A key held down repeats frame steps, never a verdict.
  if (!event.repeat || "repeat" in control.dataset) control.click();
});
