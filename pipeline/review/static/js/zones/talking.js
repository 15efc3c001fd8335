// What goes to the server and comes back. The answer is a plain object, {ok, status, code, text, ...}; the page is left as it was.
import { text } from "../texts.js";

const PATIENCE_MS = 20000;
let formToken = text("form_token");

export async function ask(url, { patience = PATIENCE_MS, signal } = {}) {
  return talk(url, { headers: { Accept: "application/json" } }, patience, signal);
}

// "fields": name -> text or file. Whoever has logged in again in another window has a new token: it is fetched, and the same is sent once more.
export async function tell(url, fields, { patience = PATIENCE_MS, signal } = {}) {
  const answer = await post(url, fields, patience, signal);
  if (answer.code !== "form" || !(await renewToken())) return answer;
  return post(url, fields, patience, signal);
}

function post(url, fields, patience, signal) {
  const hasFile = Object.values(fields).some((value) => value instanceof Blob);
  const body = hasFile ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries({ form_token: formToken, ...fields })) body.append(name, value);
  return talk(url, { method: "POST", body, headers: { Accept: "application/json" } }, patience, signal);
}

async function talk(url, wanted, patience, signal) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  signal?.addEventListener("abort", () => stop.abort());
  try {
    const response = await fetch(url, { ...wanted, credentials: "same-origin", signal: stop.signal });
    const answer = await response.json();
    if (response.ok) return { ok: true, status: response.status, ...answer };
    const { code = "", text: words = "", ...more } = answer.error ?? {};
    return { ok: false, status: response.status, code, text: words || text("zones.network"), ...answer, ...more };
  } catch {
    // No network, too slow, taken back, or an answer that is not ours (a proxy's page).
    return { ok: false, status: 0, code: signal?.aborted ? "taken_back" : "network", text: text("zones.network") };
  } finally {
    clearTimeout(timer);
  }
}

async function renewToken() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href, { credentials: "same-origin" })).text(), "text/html");
    const token = JSON.parse(page.getElementById("texts")?.textContent ?? "{}").form_token;
    if (!token || token === formToken) return false;
    formToken = token;
    return true;
  } catch {
    return false;
  }
}
