// Keeps a page fresh: looks when the server says that something changed, when the page is seen again, and now and then
// in any case, so that a lost signal costs seconds. Looks never overlap.

const BETWEEN_LOOKS = 15_000;
const BEFORE_LISTENING_AGAIN = 5_000;

export function follow(events, look) {
  let current = null;
  let again = false;
  let source = null;

  function refresh() {
    if (current) {
      again = true;
    } else {
      current = lookUntilQuiet().finally(() => {
        current = null;
      });
    }
    return current;
  }

  async function lookUntilQuiet() {
    do {
      again = false;
      await look();
    } while (again);
  }

  // A page in a frame of the rehearsal's stage is told by the stage, which listens for all its frames.
  const framed = window.parent !== window;

  function listen() {
    if (framed) return;
    source = new EventSource(events);
    source.addEventListener("open", refresh);
    source.addEventListener("changed", refresh);
    source.addEventListener("error", () => {
      refresh();
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, BEFORE_LISTENING_AGAIN);
    });
  }

  window.addEventListener("message", (message) => {
    if (framed && message.origin === location.origin && message.data === "look") refresh();
  });
  window.addEventListener("online", refresh);
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (shown) => {
    if (shown.persisted) listen();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
  setInterval(() => {
    if (!document.hidden || framed) refresh();
  }, BETWEEN_LOOKS);
  listen();
  return refresh;
}

// Looks at a fragment; tells "fresh" with its HTML, "same", "closed" (no session any more) or "lost" (no connection).
export function lookAt(address) {
  let tag = null;
  let asked = null;
  return async () => {
    const url = address();
    if (url !== asked) tag = null;
    asked = url;
    try {
      const headers = { "X-Recare": "page", ...(tag && { "If-None-Match": tag }) };
      const answer = await fetch(url, { headers, cache: "no-store", signal: patience() });
      if (answer.status === 304) return { state: "same" };
      if (answer.status === 401) return { state: "closed" };
      if (!answer.ok) return { state: "lost" };
      const html = await answer.text();
      tag = answer.headers.get("ETag");
      return { state: "fresh", html };
    } catch {
      return { state: "lost" };
    }
  };
}

const LONGEST_WAIT = 20_000;

export function patience() {
  const control = new AbortController();
  setTimeout(() => control.abort(), LONGEST_WAIT);
  return control.signal;
}
