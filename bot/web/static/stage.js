// The rehearsal's stage: moves the clock, listens once for all frames, and tells them to look.

import { lookAt } from "./live.js";
import { mergeParts } from "./merge.js";
import { post } from "./send.js";

const scene = document.querySelector(".scene");
const steps = document.querySelector(".steps");
const said = document.querySelector("[data-said]");
const frames = [...document.querySelectorAll("iframe")];
const lookAtClock = lookAt(() => `/rehearsal/clock${location.search}`);

function tellFrames() {
  for (const frame of frames) frame.contentWindow.postMessage("look", location.origin);
}

async function showClock() {
  const seen = await lookAtClock();
  if (seen.state === "fresh") mergeParts(seen.html);
}

async function changed() {
  tellFrames();
  await showClock();
}

async function move(by) {
  const buttons = [...steps.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  said.textContent = steps.dataset.moving;
  try {
    const answer = await post(steps.action, { by });
    said.textContent = answer.message || steps.dataset.failed;
  } catch {
    said.textContent = steps.dataset.failed;
  }
  for (const button of buttons) button.disabled = false;
  await changed();
}

// Which conversation a phone shows is known once its page has loaded.
function listen() {
  const chats = [];
  for (const phone of document.querySelectorAll(".phones li")) {
    const address = phone.querySelector("iframe").contentWindow.location.pathname;
    const chat = /^\/c\/(\d+)\//.exec(address)?.[1];
    if (!chat) continue;
    chats.push(["chat", chat]);
    const alone = phone.querySelector(".alone");
    alone.href = address;
    alone.hidden = false;
  }
  const source = new EventSource(`${scene.dataset.events}?${new URLSearchParams(chats)}`);
  source.addEventListener("changed", changed);
  source.addEventListener("open", changed);
  window.addEventListener("pagehide", () => source.close());
}

// Not every phone fits beside the desk: the names above them tell which are in sight, and bring the others there.
const owners = [...document.querySelectorAll(".owners a")];
const phoneOf = (owner) => document.querySelector(owner.hash);
const sight = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting } of seen) {
      const owner = owners.find((one) => one.hash === `#${target.id}`);
      if (isIntersecting) owner.setAttribute("aria-current", "true");
      else owner.removeAttribute("aria-current");
    }
  },
  { root: document.querySelector(".phones ul"), threshold: 0.6 },
);
for (const owner of owners) {
  sight.observe(phoneOf(owner));
  owner.addEventListener("click", (click) => {
    click.preventDefault();
    phoneOf(owner).scrollIntoView({ behavior: "smooth", block: "nearest", inline: "start" });
  });
}

steps.addEventListener("submit", (submit) => {
  submit.preventDefault();
  move(submit.submitter.value);
});
if (document.readyState === "complete") listen();
else window.addEventListener("load", listen);
