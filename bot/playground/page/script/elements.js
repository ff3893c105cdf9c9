// What interactive elements hold, apart from how they look.

import { $, $$ } from "./dom.js";

export const address = (el) => `${el.dataset.type} ${el.dataset.block} ${el.dataset.action}`;
export const surfaceOf = (node) => node.closest("[data-container]");
export const chosen = (pick) => JSON.parse(pick.dataset.chosen);
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export function valueOf(el) {
  const pick = $(".pick", el);
  if (pick) {
    const raws = chosen(pick).map(({ raw }) => raw);
    return pick.classList.contains("many") ? raws : raws[0] ?? null;
  }
  if ($(".choices", el)) {
    const on = $$(".choice input:checked", el).map(({ value }) => value);
    return el.dataset.type === "checkboxes" ? on : on[0] ?? null;
  }
  return $("input, textarea", el)?.value;
}

export function valuesOf(surface) {
  const values = {};
  for (const el of $$(".el", surface)) {
    const value = valueOf(el);
    if (value !== undefined) (values[el.dataset.block] ??= {})[el.dataset.action] = value;
  }
  return values;
}

export function showChosen(pick) {
  const input = $("[role=combobox]", pick);
  const entries = chosen(pick);
  if (!pick.classList.contains("many")) { input.value = entries[0]?.text ?? ""; return; }
  input.dataset.placeholder ??= input.placeholder;
  input.placeholder = entries.length ? "" : input.dataset.placeholder;
  $(".chips", pick).replaceChildren(...entries.map(({ raw, text }) => {
    const chip = document.createElement("button");
    Object.assign(chip, { type: "button", className: "chip", textContent: text });
    chip.setAttribute("aria-label", `Remove ${text}`);
    chip.dataset.raw = JSON.stringify(raw);
    return chip;
  }));
}

export function snapshot(el) {
  const pick = $(".pick", el);
  return {
    chosen: pick?.dataset.chosen,
    checked: $$(".choice input:checked", el).map(({ value }) => value),
    value: $("input, textarea", el)?.value,
  };
}

export function restore(el, kept) {
  const pick = $(".pick", el);
  if (pick) { pick.dataset.chosen = kept.chosen; showChosen(pick); return; }
  if ($(".choices", el)) {
    for (const box of $$(".choice input", el)) box.checked = kept.checked.includes(box.value);
    return;
  }
  const field = $("input, textarea", el);
  if (field && kept.value !== undefined) field.value = kept.value;
}

export const held = (root) => new Map($$(".el", root).map((el) => [address(el), snapshot(el)]));

// Puts back what elements of the same address held.
export function hold(root, before) {
  for (const el of $$(".el", root)) {
    const kept = before.get(address(el));
    if (kept) restore(el, kept);
  }
}

// What each held when the app last took it, to go back to where one does not confirm a change.
export const lastTaken = new WeakMap();

export function wake(root) {
  for (const el of $$(".el", root)) lastTaken.set(el, snapshot(el));
  $$(".pick", root).forEach(showChosen);
}
