// Pressing, typing and submitting.

import { $, $$, forget, later, toast } from "./dom.js";
import { act } from "./server.js";
import { address, restore, lastTaken, snapshot, surfaceOf, valueOf, valuesOf } from "./elements.js";
import { expectAnswer } from "./reading.js";
import { refresh } from "./parts.js";

function confirmed(el) {
  const dialog = $("dialog.confirm", el);
  if (!dialog) return Promise.resolve(true);
  return new Promise((done) => {
    const answer = (yes) => { dialog.close(); dialog.onclick = dialog.oncancel = null; done(yes); };
    dialog.onclick = ({ target }) => { if (target.dataset.answer) answer(target.dataset.answer === "yes"); };
    dialog.oncancel = (event) => { event.preventDefault(); event.stopPropagation(); answer(false); };
    dialog.showModal();
    $("[data-answer=yes]", dialog).focus();
  });
}

async function press(el, value) {
  const surface = surfaceOf(el);
  if (surface.matches(".message")) expectAnswer();
  const result = await act("press", {
    container: JSON.parse(surface.dataset.container),
    block: el.dataset.block, action: el.dataset.action, value, values: valuesOf(surface),
  });
  if (!result.ok && result.error) complain(surface, result.error);
}

export async function pressOnce(el, value) {
  if (!await confirmed(el)) return;
  el.setAttribute("aria-busy", "true");
  await press(el, value);
  el.removeAttribute("aria-busy");
}

function complain(surface, text) {
  const trouble = $(".trouble", surface);
  if (!trouble) return toast(text);
  trouble.textContent = text;
  trouble.hidden = false;
}

export async function changed(el) {
  if (!el.dataset.dispatch.includes("change")) return;
  if (await confirmed(el)) { lastTaken.set(el, snapshot(el)); await press(el, valueOf(el)); }
  else restore(el, lastTaken.get(el));
}

export function typed(el, enter = false) {
  const key = `${surfaceOf(el).id}-press-${address(el)}`;
  if (enter) { forget(key); press(el, valueOf(el)); }
  else if (el.dataset.dispatch.includes("character")) {
    later(key, 400, () => { const now = el.isConnected ? el : twin(el); if (now) press(now, valueOf(now)); });
  }
}

const twin = (el) => $$(".el").find((other) => address(other) === address(el));

export async function submit(dialog) {
  const button = $("footer [type=submit]", dialog);
  if (!button || button.disabled) return;
  forget(dialog.id);
  button.disabled = true;
  $(".trouble", dialog).hidden = true;
  $$(".field .error", dialog).forEach((error) => { error.hidden = true; });
  $$("[aria-invalid]", dialog).forEach((control) => control.removeAttribute("aria-invalid"));
  const result = await act("submit", { container: JSON.parse(dialog.dataset.container), values: valuesOf(dialog) });
  button.disabled = false;
  if (result.ok) await refresh("modal");
  else showErrors(dialog, result);
}

function showErrors(dialog, { error, errors = {} }) {
  let first = null;
  for (const [block, text] of Object.entries(errors)) {
    const place = $(`[data-block-id="${CSS.escape(block)}"]`, dialog);
    const line = place && $(".field .error", place);
    if (!line) { complain(dialog, text); continue; }
    line.textContent = text;
    line.hidden = false;
    const controls = $$(".el :is(input, textarea)", place);
    controls.forEach((control) => control.setAttribute("aria-invalid", "true"));
    first ??= controls[0];
  }
  if (error) complain(dialog, error);
  first?.focus();
  first?.closest(".block").scrollIntoView({ block: "nearest" });
}

export async function closeModal(dialog, everything) {
  forget(dialog.id);
  await act("close", { container: JSON.parse(dialog.dataset.container), everything });
  await refresh("modal");
}
