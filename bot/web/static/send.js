// Sends what somebody wrote or pressed, as JSON under our own header, which no other site can send.

import { patience } from "./live.js";

// Resolves with the status, the server's words and for how long it wants to be left alone (milliseconds); rejects when
// nobody knows whether it arrived.
export async function post(url, fields) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Recare": "page" },
    body: JSON.stringify(fields),
    signal: patience(),
  });
  const data = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  const wait = 1000 * Number(answer.headers.get("Retry-After") ?? 0);
  return { ok: answer.ok, status: answer.status, message: data.message ?? "", wait };
}

// An id for one act, kept through all its repeats. `randomUUID` is missing where the page came over plain HTTP.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Lets a text field grow with its text, and sends on Enter (Shift+Enter makes a new line).
export function writeIn(field, send) {
  field.addEventListener("input", () => grow(field));
  field.addEventListener("keydown", (key) => {
    if (key.key === "Enter" && !key.shiftKey && !key.isComposing) {
      key.preventDefault();
      send();
    }
  });
}

export function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}
