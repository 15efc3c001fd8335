// One place where a step leaves the page. Whatever happens, the answer is a plain object and the page is left as it was.
const PATIENCE_MS = 15000;

export async function send(url, fields) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      signal: stop.signal,
    });
    const answer = await response.json();
    return response.ok ? { ok: true, ...answer } : { ok: false, code: answer.error?.code ?? "", text: answer.error?.text ?? "" };
  } catch {
    // No network, too slow, or an answer that is not ours (a proxy's page).
    return { ok: false, code: "network", text: "" };
  } finally {
    clearTimeout(timer);
  }
}
