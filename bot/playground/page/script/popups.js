// Selects and menus.

import { $, $$, later } from "./dom.js";
import { act } from "./server.js";
import { chosen, same, showChosen, surfaceOf } from "./elements.js";
import { changed } from "./acting.js";

export const pickOf = (input) => input.closest(".pick");
export const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
const optionsOf = (input) => $$("[role=option]:not([hidden])", listOf(input));

export function place(popup, anchor) {
  const box = anchor.getBoundingClientRect();
  const below = innerHeight - box.bottom - 12;
  const up = below < 180 && box.top > below;
  Object.assign(popup.style, {
    left: `${Math.max(8, Math.min(box.left, innerWidth - Math.max(box.width, 220) - 8))}px`,
    minWidth: `${Math.max(box.width, 220)}px`,
    maxHeight: `${Math.min(320, up ? box.top - 12 : below)}px`,
    top: up ? "auto" : `${box.bottom + 4}px`,
    bottom: up ? `${innerHeight - box.top + 4}px` : "auto",
  });
}

export function openList(input, query = "") {
  closePopups(input);
  const list = listOf(input);
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  place(list, input);
  const { external, least } = pickOf(input).dataset;
  if (external === undefined) return filter(input, query);
  list.innerHTML = '<div class="none"></div>';
  if (query.length < Number(least)) return listed(input, `Type ${least > 1 ? `${least} letters` : "a letter"} to search`);
  listed(input, "Searching…");
  later(`suggest-${input.id}`, 250, () => suggest(input, query));
}

function listed(input, note) {
  const list = listOf(input);
  const options = optionsOf(input);
  const none = $(".none", list);
  none.hidden = options.length > 0 && !note;
  none.textContent = note ?? "No matches";
  for (const group of $$("[role=group]", list)) group.hidden = !$("[role=option]:not([hidden])", group);
  const on = chosen(pickOf(input)).map(({ raw }) => raw);
  for (const option of options) {
    option.setAttribute("aria-selected", String(on.some((raw) => same(raw, JSON.parse(option.dataset.raw)))));
  }
  activate(input, null);
}

function filter(input, query) {
  const wanted = query.trim().toLowerCase();
  for (const option of $$("[role=option]", listOf(input))) option.hidden = !option.textContent.toLowerCase().includes(wanted);
  listed(input);
  if (wanted) activate(input, optionsOf(input)[0]);
}

async function suggest(input, query) {
  const el = input.closest(".el");
  const result = await act("suggest", {
    container: JSON.parse(surfaceOf(el).dataset.container),
    block: el.dataset.block, action: el.dataset.action, typed: query, id: input.id,
  });
  if (!input.isConnected || input.value !== query || listOf(input).hidden) return;
  listOf(input).innerHTML = result.html ?? '<div class="none">No matches</div>';
  listed(input, result.ok ? undefined : result.error ?? "No answer");
  if (query) activate(input, optionsOf(input)[0]);
}

function activate(input, option) {
  $$(".active", listOf(input)).forEach((other) => other.classList.remove("active"));
  if (!option) { input.removeAttribute("aria-activedescendant"); return; }
  option.classList.add("active");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function step(input, by) {
  const options = optionsOf(input);
  if (!options.length) return;
  const at = options.findIndex((option) => option.classList.contains("active"));
  activate(input, options[(at + by + options.length + (at < 0 && by < 0 ? 1 : 0)) % options.length]);
}

export function choose(input, option) {
  const pick = pickOf(input);
  const entry = { raw: JSON.parse(option.dataset.raw), text: option.firstElementChild.textContent };
  const now = chosen(pick);
  if (pick.classList.contains("many")) {
    const rest = now.filter(({ raw }) => !same(raw, entry.raw));
    const most = Number(pick.dataset.most) || Infinity;
    if (rest.length === now.length && now.length >= most) return;
    setChosen(pick, rest.length < now.length ? rest : [...now, entry]);
    input.value = "";
    openList(input);
  } else {
    setChosen(pick, [entry]);
    closePopups();
  }
}

export function setChosen(pick, entries) {
  const before = pick.dataset.chosen;
  pick.dataset.chosen = JSON.stringify(entries);
  showChosen(pick);
  if (before !== pick.dataset.chosen) changed(pick.closest(".el"));
}

export function leave(input) {
  const pick = pickOf(input);
  if (pick.classList.contains("many")) input.value = "";
  else if (input.value === "" && chosen(pick).length) setChosen(pick, []);
  else showChosen(pick);
}

export function closePopups(except) {
  for (const opener of $$("[aria-expanded=true][aria-haspopup]")) {
    if (opener === except) continue;
    listOf(opener).hidden = true;
    opener.setAttribute("aria-expanded", "false");
    opener.removeAttribute("aria-activedescendant");
  }
}

export function selectKey(event, input) {
  const open = input.getAttribute("aria-expanded") === "true";
  const active = open && $(".active", listOf(input));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!open) openList(input);
    step(input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (active) choose(input, active);
  } else if (event.key === "Tab" && active) {
    if (!pickOf(input).classList.contains("many")) choose(input, active);
  } else if (event.key === "Escape" && open) {
    event.preventDefault();
    event.stopPropagation();
    closePopups();
    showChosen(pickOf(input));
  } else if (event.key === "Backspace" && input.value === "" && pickOf(input).classList.contains("many")) {
    setChosen(pickOf(input), chosen(pickOf(input)).slice(0, -1));
  }
}

export function menuKey(event, menu) {
  const items = $$("[role=menuitem]", menu);
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + by + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    const opener = $(`[aria-controls="${CSS.escape(menu.id)}"]`);
    closePopups();
    opener.focus();
  }
}

export function toggleMenu(button) {
  const open = button.getAttribute("aria-expanded") === "true";
  closePopups();
  if (open) return;
  const menu = listOf(button);
  button.setAttribute("aria-expanded", "true");
  menu.hidden = false;
  place(menu, button);
  $("[role=menuitem]", menu)?.focus();
}

// Where it is there again with the same choice, which was about to be made.
export function reopenMenu(id, raw) {
  const menu = document.getElementById(id);
  const item = menu && $$("[role=menuitem]", menu).find((one) => one.dataset.raw === raw);
  if (!item) return;
  toggleMenu($(`[aria-controls="${CSS.escape(id)}"]`));
  item.focus();
}
