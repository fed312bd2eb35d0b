// Filters the list of conversations by name while somebody types; the list may be renewed at any time.

const field = document.getElementById("search");
const none = document.querySelector(".none-found");

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function filterRows() {
  const wanted = plain(field.value.trim());
  const rows = [...document.querySelectorAll(".row")];
  for (const row of rows) row.hidden = !plain(row.querySelector(".row-name").textContent).includes(wanted);
  for (const group of document.querySelectorAll(".rows .group")) {
    let next = group.nextElementSibling;
    let shown = false;
    for (; next && !next.matches(".group"); next = next.nextElementSibling) shown ||= !next.hidden;
    group.hidden = !shown;
  }
  none.hidden = !wanted || rows.some((row) => !row.hidden);
}

field.addEventListener("input", filterRows);
field.form.addEventListener("submit", (submit) => submit.preventDefault());
