// Showing what has changed, without taking focus or typed text away.

import { $$, nodes } from "./dom.js";
import { held, hold, wake } from "./elements.js";
import { openList, reopenMenu } from "./popups.js";

export const source = new WeakMap();
for (const slot of $$("#sidebar, #banner")) source.set(slot, slot.innerHTML.trim());
export let redrawing = false;

export function keepingFocus(change) {
  const { activeElement: focused } = document;
  const { id, value, selectionStart: start, selectionEnd: end } = focused ?? {};
  const open = focused?.getAttribute("aria-expanded") === "true";
  const menu = focused?.closest("[role=menu]")?.id;
  redrawing = true;
  change();
  redrawing = false;
  if (focused?.isConnected) return;
  if (menu) reopenMenu(menu, focused.dataset.raw);
  if (!id) return;
  const again = document.getElementById(id);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (again.role === "combobox") {
    again.value = value;
    if (open) openList(again, again.value);
  }
  if (typeof start === "number") again.setSelectionRange?.(start, end);
}

export function patch(list, html) {
  const fresh = [];
  const old = new Map([...list.children].map((node) => [node.id, node]));
  const next = [...nodes(html).children].map((node) => {
    const before = old.get(node.id);
    if (before && source.get(before) === node.outerHTML) return before;
    source.set(node, node.outerHTML);
    if (before?.open) node.open = true;
    if (!before) fresh.push(node);
    return node;
  });
  keepingFocus(() => {
    let at = list.firstElementChild;
    for (const node of next) {
      if (node === at) at = at.nextElementSibling;
      else list.insertBefore(node, at);
    }
    while (at) { const gone = at; at = at.nextElementSibling; gone.remove(); }
    next.filter((node) => node !== old.get(node.id)).forEach(wake);
  });
  return fresh;
}

// What has not changed is left alone: a click on what is being replaced would be lost.
export function fill(slot, html, then = () => {}) {
  const box = document.createElement("div");
  box.append(nodes(html));
  const text = box.innerHTML.trim();
  if (source.get(slot) === text) return;
  source.set(slot, text);
  keepingFocus(() => { slot.innerHTML = text; then(); });
}

export function redraw(now, next) {
  const typed = held(now);
  now.replaceChildren(...next.childNodes);
  Object.assign(now.dataset, next.dataset);
  hold(now, typed);
  wake(now);
}
