// What the patient sent and the server has not yet shown back: one after the other, repeated under the same id, kept in
// this tab until it has arrived, so that nothing is lost and nothing doubles.

import { newId, post } from "../web/send.js";

export function outbox({ url, place, pattern, arrived, refused, closed }) {
  const memory = `recare-unsent-${document.body.dataset.conversation}`;
  const waiting = new Map();
  let queue = Promise.resolve();

  function remember() {
    const kept = [...waiting.values()].map(({ fields, label }) => ({ fields, label }));
    if (kept.length > 0) sessionStorage.setItem(memory, JSON.stringify(kept));
    else sessionStorage.removeItem(memory);
  }

  function add(what, label) {
    return put({ update_id: newId(), ...what }, label);
  }

  function put(fields, label) {
    const line = pattern.content.firstElementChild.cloneNode(true);
    line.querySelector(".bubble").textContent = label;
    place.append(line);
    const item = { fields, label, line };
    waiting.set(fields.update_id, item);
    remember();
    line.querySelector("button").addEventListener("click", () => send(item));
    return send(item);
  }

  function send(item) {
    show(item, "sending");
    queue = queue.then(() => attempt(item));
    return queue;
  }

  async function attempt(item) {
    if (!waiting.has(item.fields.update_id)) return;
    let answer;
    try {
      answer = await posted(item.fields);
    } catch {
      show(item, "failed");
      return;
    }
    if (answer.status === 401) {
      closed();
    } else if (answer.status >= 500) {
      show(item, "failed");
    } else {
      if (answer.ok) await arrived();
      else refused(answer.status);
      waiting.delete(item.fields.update_id);
      remember();
      item.line.remove();
    }
  }

  // What was sent too fast keeps its place, and goes again as soon as the server says it may.
  async function posted(fields) {
    for (;;) {
      const answer = await post(url, fields);
      if (answer.status !== 503 || !(answer.wait > 0)) return answer;
      await new Promise((resolve) => setTimeout(resolve, answer.wait));
    }
  }

  function show({ line }, state) {
    line.querySelector(".sending").hidden = state !== "sending";
    line.querySelector(".failed").hidden = state !== "failed";
    line.classList.toggle("not-sent", state === "failed");
  }

  function sendAll() {
    for (const item of waiting.values()) if (item.line.classList.contains("not-sent")) send(item);
  }

  for (const { fields, label } of JSON.parse(sessionStorage.getItem(memory) ?? "[]")) put(fields, label);
  window.addEventListener("online", sendAll);
  return { add, get empty() { return waiting.size === 0; } };
}
