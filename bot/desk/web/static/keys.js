// The desk's keys: j and k walk through the list, t takes, r answers, / searches, ? shows them all, Esc goes back.

import { grow } from "../web/send.js";

export function keys({ close, opened }) {
  const dialog = document.querySelector("dialog.keys");
  const button = document.querySelector(".keys-button");

  const rows = () => [...document.querySelectorAll(".row:not([hidden])")];

  function walk(step) {
    const all = rows();
    const here = all.findIndex((row) => row === document.activeElement);
    const current = here >= 0 ? here : all.findIndex((row) => row.hasAttribute("aria-current"));
    const next = current < 0 ? 0 : Math.min(Math.max(current + step, 0), all.length - 1);
    all[next]?.focus();
  }

  const acts = {
    j: () => walk(1),
    k: () => walk(-1),
    t: () => document.getElementById("do-take")?.click(),
    r: () => document.getElementById("answer")?.focus(),
    "/": () => document.getElementById("search").focus(),
    "?": () => dialog.showModal(),
  };

  function leave(typing) {
    if (typing && typing.id !== "search" && opened()) document.querySelector(".talk-scroll")?.focus();
    else if (typing) typing.blur();
    else if (opened()) close();
  }

  document.addEventListener("keydown", (key) => {
    const typing = document.activeElement?.closest("textarea, input");
    if (key.target.id === "answer" && key.key === "Enter" && !key.shiftKey && !key.isComposing) {
      key.preventDefault();
      key.target.form.querySelector("button").click();
      return;
    }
    if (key.ctrlKey || key.metaKey || key.altKey || dialog.open) return;
    if (key.key === "Escape") {
      leave(typing);
    } else if (!typing && acts[key.key]) {
      key.preventDefault();
      acts[key.key]();
    }
  });
  document.addEventListener("input", (input) => {
    if (input.target instanceof HTMLTextAreaElement) grow(input.target);
  });
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}
