// Where somebody was in the queue: the way back leads to the same filters and the same row.
const QUEUE = "doorline.queue";
const ROW = "doorline.row";

export function keepQueue() {
  put(QUEUE, location.pathname + location.search);
}

export function keepRow(id) {
  put(ROW, id);
}

export function lastRow() {
  return get(ROW);
}

export function leadBack() {
  const address = get(QUEUE);
  if (!address?.startsWith("/") || address.startsWith("//")) return;
  // Only a page of the very queue that the link names: an address that was sent by somebody else stays what it is.
  for (const way of document.querySelectorAll("a[data-queue]")) if (address.startsWith(way.getAttribute("href"))) way.href = address;
}

function put(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Then the way back leads to the whole queue.
  }
}

function get(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
