// The parts of the page, each brought up to date when the server says that it changed.

import { $, $$, channel, composer, forget, nodes, user } from "./dom.js";
import { held, hold, wake } from "./elements.js";
import { fill, keepingFocus, patch, redraw } from "./redraw.js";
import { arrived } from "./reading.js";

const refreshing = new Map();

export async function refresh(part) {
  if (refreshing.has(part)) { refreshing.set(part, true); return; }
  try {
    do {
      refreshing.set(part, false);
      const html = await load(part);
      if (html !== null) PARTS[part](html);
    } while (refreshing.get(part));
  } finally {
    refreshing.delete(part);
  }
}

async function load(part) {
  try {
    const answer = await fetch(`/as/${user}/${channel}/part/${part}`);
    if (answer.status === 404) location.reload();
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

export function listen() {
  const stream = new EventSource(`/as/${user}/stream`);
  stream.onopen = () => {
    $("#offline")?.remove();
    Object.keys(PARTS).forEach(refreshShown);
  };
  stream.onerror = () => {
    if (!$("#offline")) $("#banner").insertAdjacentHTML("beforebegin",
      '<p id="offline" class="down" role="alert"><span>The playground is not answering. This page goes on by itself when it is back.</span></p>');
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  };
  stream.onmessage = ({ data }) => {
    const [kind, subject] = data.split(":");
    if (kind === "reset") return location.reload();
    if (kind === "messages" && subject !== channel) return markNew(subject);
    const part = { messages: "messages", views: "modal", home: "home", wire: "inspector", app: "banner", channels: "sidebar" }[kind];
    if (part) refreshShown(part);
  };
}

export function refreshShown(part) {
  if (part !== "inspector" || !$("#inspector").hidden) refresh(part);
}

function showModal(dialog) {
  dialog.showModal();
  wake(dialog);
  const first = $("[data-focus] :is(input, textarea, button)", dialog)
    ?? $(".modal-body :is(input:not([type=hidden]), textarea)", dialog) ?? $("footer .primary, footer .btn", dialog);
  first?.focus();
}

// What each modal held when another was put on top of it: a page that is loaded anew has none.
const covered = new Map();

function updateModal(html) {
  const slot = $("#modal");
  const now = $("dialog.modal", slot);
  const next = $("dialog.modal", nodes(html));
  if (now && next && now.id === next.id) {
    if (now.dataset.hash === next.dataset.hash) return;
    const top = $(".modal-body", now).scrollTop;
    keepingFocus(() => redraw(now, next));
    $(".modal-body", now).scrollTop = top;
    return;
  }
  if (now && next?.dataset.depth > now.dataset.depth) covered.set(now.id, held(now));
  if (now) { forget(now.id); now.close(); now.remove(); }
  if (next) {
    slot.append(next);
    hold(next, covered.get(next.id) ?? new Map());
    showModal(next);
    return;
  }
  covered.clear();
  if (now && document.activeElement === document.body) composer?.focus();
}

const PARTS = {
  messages(html) {
    if ($("#messages")) arrived(patch($("#messages"), html));
  },
  home(html) {
    const slot = $("#home");
    if (!slot) return;
    const next = nodes(html).firstElementChild;
    const now = slot.firstElementChild;
    if (now?.dataset.hash && now.dataset.hash === next.dataset.hash) return;
    keepingFocus(() => {
      if (now?.dataset.hash && next.dataset.hash) redraw(now, next);
      else { slot.replaceChildren(next); wake(next); }
    });
  },
  modal: updateModal,
  inspector(html) { patch($("#wires"), html); },
  banner: (html) => fill($("#banner"), html),
  sidebar: (html) => fill($("#sidebar"), html, showNew),
};

function markNew(id) {
  sessionStorage.setItem(`new:${user}:${id}`, "1");
  showNew();
}

export function showNew() {
  sessionStorage.removeItem(`new:${user}:${channel}`);
  for (const link of $$("#sidebar a")) {
    const fresh = sessionStorage.getItem(`new:${user}:${link.dataset.channel}`) !== null;
    link.classList.toggle("unread", fresh);
    $(".new", link).textContent = fresh ? " (new messages)" : "";
  }
}
