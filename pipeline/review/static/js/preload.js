// The next item is fetched while this one is looked at: its page and its first pictures are then in the browser's cache.
export function preloadNext(address) {
  if (!address || navigator.connection?.saveData) return;
  const idle = window.requestIdleCallback ?? ((act) => setTimeout(act, 600));
  idle(() => fetchPictures(address), { timeout: 3000 });
}

async function fetchPictures(address) {
  try {
    // The header says that nobody looks at it yet: no claim and no entry in the log of views.
    const response = await fetch(address, { headers: { "X-Doorline-Prefetch": "1", Accept: "text/html" }, credentials: "same-origin", priority: "low" });
    if (!response.ok) return;
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const picture of next.querySelectorAll("#stage img[src], #strip img[src]")) {
      const ahead = new Image();
      ahead.fetchPriority = "low";
      ahead.src = picture.getAttribute("src");
    }
  } catch {
    // It will be loaded when it is asked for.
  }
}
