// The desk: shows the list and one conversation, live; opens, acts and answers without leaving the page.

import { follow, lookAt } from "../web/live.js";
import { adoptParts, mergeParts } from "../web/merge.js";
import { newId, post } from "../web/send.js";
import { keys } from "./keys.js";
import { filterRows } from "./search.js";

const NEAR_THE_END = 120;

const columns = document.querySelector(".columns");
const offline = document.querySelector(".offline");
const toast = document.querySelector(".toast");
const icon = document.querySelector('link[rel="icon"]');

const openId = () => /^\/desk\/c\/(\d+)$/.exec(location.pathname)?.[1] ?? "";
const scroller = () => document.querySelector(".talk-scroll");
const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_THE_END;

function address() {
  const asked = new URLSearchParams({ open: openId() });
  const wanted = new URLSearchParams(location.search);
  if (wanted.has("times")) asked.set("times", "1");
  if (wanted.has("reading")) asked.set("reading", wanted.get("reading"));
  return `/desk/look?${asked}`;
}

adoptParts();
const lookAtDesk = lookAt(address);

async function look() {
  const before = openId();
  const seen = await lookAtDesk();
  offline.hidden = seen.state !== "lost";
  if (seen.state === "closed") location.reload();
  if (seen.state !== "fresh" || before !== openId()) return;
  const box = scroller();
  const shown = document.querySelector(".open").dataset.of;
  const follows = !box || atEnd(box);
  const head = mergeParts(seen.html).querySelector("[data-title]");
  const other = shown !== document.querySelector(".open").dataset.of;
  columns.classList.toggle("talking", openId() !== "");
  document.title = head.dataset.title;
  icon.href = document.body.dataset[head.dataset.rings === "0" ? "calm" : "ringing"];
  if (other) settle();
  if (other || follows) toEnd();
  filterRows();
}

const refresh = follow("/desk/events", look);

function toEnd() {
  const box = scroller();
  if (box) box.scrollTop = box.scrollHeight;
}

// The card stands open beside the conversation where there is room, folded above it where there is none.
const roomy = matchMedia("(min-width: 68rem)");
function foldCard() {
  const card = document.querySelector("details.card");
  if (card) card.open = roomy.matches;
}

function settle() {
  foldCard();
  document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "nearest" });
}

async function go(path) {
  history.pushState(null, "", path);
  toast.hidden = true;
  await refresh();
}

async function open(id) {
  await go(`/desk/c/${id}`);
  if (openId() === id) document.querySelector(".talk-scroll")?.focus({ preventScroll: true });
}

async function close() {
  const last = openId();
  await go("/desk/");
  document.querySelector(`.row[data-open="${last}"]`)?.focus();
}

function say(message, kind) {
  toast.textContent = message || toast.dataset.failed;
  toast.classList.toggle("bad", kind === "bad");
  toast.hidden = false;
}

const ids = new WeakMap();

async function send(form, submitter) {
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const fields = Object.fromEntries(new FormData(form, submitter));
  delete fields.form_token;
  // Repeating an answer that may have arrived repeats its id; a changed text is another answer.
  const tried = ids.get(form);
  if ("once" in form.dataset) fields.update_id = tried?.text === fields.text ? tried.id : newId();
  ids.set(form, { text: fields.text, id: fields.update_id });
  try {
    const answer = await post(form.action, fields);
    say(answer.message, answer.ok ? "good" : "bad");
    if (answer.ok) {
      ids.delete(form);
      if ("clear" in form.dataset) clear(form);
      if (form.matches(".times, .reading")) history.replaceState(null, "", location.pathname);
    }
  } catch {
    say("", "bad");
  }
  delete form.dataset.busy;
  await refresh();
}

function clear(form) {
  form.elements.text.value = "";
  form.elements.text.style.height = "";
}

document.addEventListener("submit", (submit) => {
  if (!("quiet" in submit.target.dataset)) return;
  submit.preventDefault();
  send(submit.target, submit.submitter);
});

document.addEventListener("click", (click) => {
  const plain = !click.ctrlKey && !click.metaKey && !click.shiftKey && click.button === 0;
  const link = click.target.closest("[data-open], [data-close], [data-times]");
  if (!link || !plain) return;
  click.preventDefault();
  if ("open" in link.dataset) open(link.dataset.open);
  else if ("close" in link.dataset) close();
  else go(link.getAttribute("href"));
});

// An unfolded card takes room from the conversation: what was said last stays in sight.
document.addEventListener("toggle", (toggle) => toggle.target.matches("details.card") && toEnd(), true);

window.addEventListener("popstate", refresh);
roomy.addEventListener("change", foldCard);
keys({ close, opened: () => openId() !== "" });
settle();
toEnd();
