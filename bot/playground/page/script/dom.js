// Finding and making elements, and doing things a little later.

export const { user, channel } = document.body.dataset;
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const panel = $("#panel");
export const composer = $("#composer");
const timers = new Map();

export function later(key, ms, work) {
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(() => { timers.delete(key); work(); }, ms));
}

export function forget(prefix) {
  for (const [key, timer] of timers) if (key.startsWith(prefix)) { clearTimeout(timer); timers.delete(key); }
}

export function nodes(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export function toast(text) {
  const line = document.createElement("p");
  line.textContent = text;
  $("#toasts").append(line);
  setTimeout(() => line.remove(), 8000);
}
