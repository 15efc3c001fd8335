// The menu of the head closes as menus do; without this it closes by its own button.
const menu = document.querySelector(".top-more");

function close() {
  menu.open = false;
}

// On the way down, before keys of the page: Escape with an open menu means the menu.
addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    close();
    menu.querySelector("summary").focus();
  },
  true,
);
addEventListener("pointerdown", (event) => {
  if (!menu.contains(event.target)) close();
});
menu.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
});
// A page that comes back from the browser's memory comes back with its menu closed.
addEventListener("pagehide", close);
