// The patient's page: shows new lines, sends what is written or pressed, keeps the newest line in sight.

import { follow, lookAt } from "../web/live.js";
import { adoptParts, mergeParts } from "../web/merge.js";
import { grow, writeIn } from "../web/send.js";
import { outbox } from "./outbox.js";

const NEAR_THE_END = 120;

const scroll = document.querySelector(".scroll");
const composer = document.querySelector(".composer");
const field = composer.elements.text;
const jump = document.querySelector(".jump");
const offline = document.querySelector(".offline");
const notice = document.querySelector(".notice");
const notices = document.getElementById("notices").content;

const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_THE_END;

function toEnd(behavior = "auto") {
  scroll.scrollTo({ top: scroll.scrollHeight, behavior });
}

function closed() {
  location.reload();
}

adoptParts();
const lookAtLines = lookAt(() => "lines");

async function look() {
  const seen = await lookAtLines();
  offline.hidden = seen.state !== "lost";
  if (seen.state === "closed") closed();
  if (seen.state !== "fresh") return;
  const stay = !atEnd();
  const chose = document.activeElement?.closest(".choices") !== null && document.activeElement !== null;
  mergeParts(seen.html);
  notice.hidden = true;
  if (chose && !document.activeElement?.closest(".choices")) scroll.focus({ preventScroll: true });
  if (stay) jump.hidden = atEnd();
  else toEnd();
}

const refresh = follow("events", look);

const unsent = outbox({
  url: "messages",
  place: document.querySelector(".unsent"),
  pattern: document.getElementById("unsent"),
  arrived: refresh,
  closed,
  refused(status) {
    notice.textContent = (notices.querySelector(`[data-for="${status}"]`) ?? notices.querySelector("p")).textContent;
    notice.hidden = false;
  },
});

function write() {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  grow(field);
  notice.hidden = true;
  unsent.add({ text }, text);
  toEnd();
}

async function press(button) {
  const group = [...button.form.querySelectorAll("button")];
  for (const one of group) one.disabled = true;
  notice.hidden = true;
  const done = unsent.add({ payload: button.value }, button.textContent);
  toEnd();
  await done;
  for (const one of group) one.disabled = false;
}

composer.addEventListener("submit", (submit) => {
  submit.preventDefault();
  write();
});
writeIn(field, write);
scroll.addEventListener("click", (click) => {
  const button = click.target.closest(".choices button");
  if (!button) return;
  click.preventDefault();
  press(button);
});
scroll.addEventListener("scroll", () => {
  if (atEnd()) jump.hidden = true;
});
jump.addEventListener("click", () => {
  toEnd();
  jump.hidden = true;
});
window.addEventListener("resize", () => {
  if (jump.hidden) toEnd();
});
toEnd();
