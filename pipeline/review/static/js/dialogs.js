// Dialogs: opened by any control with data-open, closed by data-close, Esc or a click beside them; digits pick one of the choices.
export function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.dispatchEvent(new CustomEvent("opening"));
  dialog.showModal();
  // Straight to the choices: the hand stays on the digits. Without choices, to the first field.
  const first = dialog.querySelector("input[type=radio]:checked, input[type=radio]") ?? dialog.querySelector("select, input:not([type=hidden]), textarea");
  (first ?? dialog.querySelector("button[data-send], button"))?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) open(document.getElementById(opener.dataset.open));
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && event.target.open && isBeside(event)) event.target.close();
});

function isBeside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

document.addEventListener("keydown", (event) => {
  const dialog = event.target.closest?.("dialog[open]");
  if (!dialog || event.altKey || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    dialog.querySelector("form")?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.target.matches("textarea, select, input:not([type=radio])")) return;
  if (event.key === "?" && dialog.id === "keys") {
    event.preventDefault();
    dialog.close();
    return;
  }
  const choice = [...dialog.querySelectorAll("[data-digit]")].find((one) => one.dataset.digit === event.key);
  if (!choice) return;
  event.preventDefault();
  choice.focus();
  choice.click();
});
