// Brings fresh server-rendered parts into the page, touching only what differs.
// A part is [data-part]; with [data-merge] its children are matched by data-key, so that a screen reader hears only
// what is new; with [data-of] it is replaced as a whole when it is about something else. What somebody types is kept.

const served = new WeakMap();

// Takes over the page as it came. Its update ids serve browsers without scripts; a script makes one at each act.
export function adoptParts() {
  for (const field of document.querySelectorAll('[data-part] [name="update_id"]')) field.remove();
  for (const part of document.querySelectorAll("[data-part], [data-key]")) served.set(part, part.outerHTML);
}

export function mergeParts(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html; // escaped by the server's templates
  for (const part of fresh.content.querySelectorAll("[data-part]")) {
    if (!part.parentElement?.closest("[data-part]")) {
      const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
      if (old) mergePart(old, part);
    }
  }
  return fresh.content;
}

function mergePart(old, fresh) {
  const inner = [...fresh.querySelectorAll("[data-part]")];
  if (old.dataset.of !== fresh.dataset.of) {
    old.replaceWith(fresh);
  } else if (inner.length > 0) {
    for (const part of inner) {
      const match = old.querySelector(`[data-part="${part.dataset.part}"]`);
      if (match) mergePart(match, part);
    }
  } else if ("merge" in fresh.dataset) {
    mergeChildren(old, fresh);
  } else {
    replace(old, fresh);
  }
}

function mergeChildren(old, fresh) {
  const known = new Map([...old.children].map((child) => [child.dataset.key, child]));
  let place = old.firstElementChild;
  for (const child of [...fresh.children]) {
    const match = known.get(child.dataset.key);
    known.delete(child.dataset.key);
    const kept = match ? replace(match, child) : child;
    if (place === match) place = kept;
    if (kept === place) place = place.nextElementSibling;
    else old.insertBefore(kept, place);
  }
  for (const gone of known.values()) gone.remove();
}

// Puts the fresh element in the old one's place unless they are the same; returns the one that stays.
function replace(old, fresh) {
  const html = fresh.outerHTML;
  if ((served.get(old) ?? old.outerHTML) === html) return old;
  served.set(fresh, html);
  const draft = takeDraft(old);
  old.replaceWith(fresh);
  draft(fresh);
  return fresh;
}

function takeDraft(old) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const texts = [...old.querySelectorAll("textarea")].filter((field) => field.id && field.value);
  const drafts = texts.map((field) => [field.id, field.value, field.style.height]);
  const range = focused instanceof HTMLTextAreaElement ? [focused.selectionStart, focused.selectionEnd] : null;
  return (fresh) => {
    for (const [id, value, height] of drafts) {
      const field = fresh.querySelector(`#${id}`);
      if (field) Object.assign(field, { value }).style.height = height;
    }
    const again = focused?.id ? document.getElementById(focused.id) : focused === old ? fresh : null;
    if (!again) return;
    again.focus({ preventScroll: true });
    if (range) again.setSelectionRange(...range);
  };
}
