// Where in the conversation one is reading, and keeping it so.

import { $, panel } from "./dom.js";

let reading = "newest";
let ownScroll = null;
let latest = { first: $("#messages > article:last-of-type"), at: 0 };

// What came last is shown from its beginning where it is longer than the panel.
export function toNewest() {
  panel.scrollTop = panel.scrollHeight;
  const top = latest.first?.isConnected ? latest.first.offsetTop - 4 : Infinity;
  panel.scrollTop = Math.min(panel.scrollTop, top);
  ownScroll = panel.scrollTop;
  reading = "newest";
}

export function expectAnswer() {
  latest = { first: null, at: 0 };
  reading = "bottom";
}

export function arrived(fresh) {
  if (!fresh.length) return;
  const now = Date.now();
  const more = latest.first?.isConnected && now - latest.at < 3000;
  latest = { first: more ? latest.first : fresh[0], at: now };
  if (reading !== "earlier") toNewest();
}

export function scrolled() {
  const atBottom = panel.scrollHeight - panel.scrollTop - panel.clientHeight < 80;
  reading = panel.scrollTop === ownScroll ? "newest" : atBottom ? "bottom" : "earlier";
}

export function resized() {
  if (reading === "newest") toNewest();
  else if (reading === "bottom") panel.scrollTop = panel.scrollHeight;
}
