"use strict";

const { user, channel } = document.body.dataset;
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const panel = $("#panel");
const composer = $("#composer");
const timers = new Map();

function later(key, ms, work) {
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(() => { timers.delete(key); work(); }, ms));
}

function forget(prefix) {
  for (const [key, timer] of timers) if (key.startsWith(prefix)) { clearTimeout(timer); timers.delete(key); }
}

function nodes(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// Talking to the server

async function act(name, body) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`/as/${user}/act/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { ...await answer.json(), taken: answer.ok };
  } catch {
    return { ok: false, error: "The playground did not answer. Is it still running?", errors: {}, taken: false };
  }
}

async function moveClock(select) {
  const result = await act("clock", { to: select.value });
  if (result.ok) { location.reload(); return; }
  select.value = "";
  toast(result.error);
}

function toast(text) {
  const line = document.createElement("p");
  line.textContent = text;
  $("#toasts").append(line);
  setTimeout(() => line.remove(), 8000);
}

const refreshing = new Map();

async function refresh(part) {
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

function listen() {
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
    if (kind === "messages" && subject !== channel) return markNew(subject);
    const part = { messages: "messages", views: "modal", home: "home", wire: "inspector", app: "banner", channels: "sidebar" }[kind];
    if (part) refreshShown(part);
  };
}

function refreshShown(part) {
  if (part !== "inspector" || !$("#inspector").hidden) refresh(part);
}

// Showing what has changed, without taking focus or typed text away

const source = new WeakMap();
let redrawing = false;

function keepingFocus(change) {
  const { activeElement: focused } = document;
  const { id, value, selectionStart: start, selectionEnd: end } = focused ?? {};
  const open = focused?.getAttribute("aria-expanded") === "true";
  redrawing = true;
  change();
  redrawing = false;
  if (focused?.isConnected || !id) return;
  const again = document.getElementById(id);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (again.role === "combobox") {
    again.value = value;
    if (open) openList(again, again.value);
  }
  if (typeof start === "number") again.setSelectionRange?.(start, end);
}

function patch(list, html) {
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
function fill(slot, html, then = () => {}) {
  const box = document.createElement("div");
  box.append(nodes(html));
  const text = box.innerHTML.trim();
  if (source.get(slot) === text) return;
  source.set(slot, text);
  keepingFocus(() => { slot.innerHTML = text; then(); });
}

for (const slot of $$("#sidebar, #banner")) source.set(slot, slot.innerHTML.trim());

let reading = "newest";
let ownScroll = null;
let latest = { first: $("#messages > article:last-of-type"), at: 0 };

// What came last is shown from its beginning where it is longer than the panel.
function toNewest() {
  panel.scrollTop = panel.scrollHeight;
  const top = latest.first?.isConnected ? latest.first.offsetTop - 4 : Infinity;
  panel.scrollTop = Math.min(panel.scrollTop, top);
  ownScroll = panel.scrollTop;
  reading = "newest";
}

function expectAnswer() {
  latest = { first: null, at: 0 };
  reading = "bottom";
}

function arrived(fresh) {
  if (!fresh.length) return;
  const now = Date.now();
  const more = latest.first?.isConnected && now - latest.at < 3000;
  latest = { first: more ? latest.first : fresh[0], at: now };
  if (reading !== "earlier") toNewest();
}

function scrolled() {
  const atBottom = panel.scrollHeight - panel.scrollTop - panel.clientHeight < 80;
  reading = panel.scrollTop === ownScroll ? "newest" : atBottom ? "bottom" : "earlier";
}

function resized() {
  if (reading === "newest") toNewest();
  else if (reading === "bottom") panel.scrollTop = panel.scrollHeight;
}

function showModal(dialog) {
  dialog.showModal();
  wake(dialog);
  const first = $("[data-focus] :is(input, textarea, button)", dialog)
    ?? $(".modal-body :is(input:not([type=hidden]), textarea)", dialog) ?? $("footer .primary, footer .btn", dialog);
  first?.focus();
}

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
  if (now) { forget(now.id); now.close(); now.remove(); }
  if (next) { slot.append(next); showModal(next); }
  else if (now && document.activeElement === document.body) composer?.focus();
}

function redraw(now, next) {
  const typed = new Map($$(".el", now).map((el) => [address(el), snapshot(el)]));
  now.replaceChildren(...next.childNodes);
  Object.assign(now.dataset, next.dataset);
  for (const el of $$(".el", now)) {
    const kept = typed.get(address(el));
    if (kept) restore(el, kept);
  }
  wake(now);
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

function showNew() {
  sessionStorage.removeItem(`new:${user}:${channel}`);
  for (const link of $$("#sidebar a")) {
    const fresh = sessionStorage.getItem(`new:${user}:${link.dataset.channel}`) !== null;
    link.classList.toggle("unread", fresh);
    $(".new", link).textContent = fresh ? " (new messages)" : "";
  }
}

// What elements hold

const address = (el) => `${el.dataset.type} ${el.dataset.block} ${el.dataset.action}`;
const surfaceOf = (node) => node.closest("[data-container]");
const chosen = (pick) => JSON.parse(pick.dataset.chosen);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function valueOf(el) {
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

function valuesOf(surface) {
  const values = {};
  for (const el of $$(".el", surface)) {
    const value = valueOf(el);
    if (value !== undefined) (values[el.dataset.block] ??= {})[el.dataset.action] = value;
  }
  return values;
}

function snapshot(el) {
  const pick = $(".pick", el);
  return {
    chosen: pick?.dataset.chosen,
    checked: $$(".choice input:checked", el).map(({ value }) => value),
    value: $("input, textarea", el)?.value,
  };
}

function restore(el, kept) {
  const pick = $(".pick", el);
  if (pick) { pick.dataset.chosen = kept.chosen; showChosen(pick); return; }
  if ($(".choices", el)) {
    for (const box of $$(".choice input", el)) box.checked = kept.checked.includes(box.value);
    return;
  }
  const field = $("input, textarea", el);
  if (field && kept.value !== undefined) field.value = kept.value;
}

const settled = new WeakMap();

function wake(root) {
  for (const el of $$(".el", root)) settled.set(el, snapshot(el));
  $$(".pick", root).forEach(showChosen);
}

// Acting on elements

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

async function pressOnce(el, value) {
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

async function changed(el) {
  const surface = surfaceOf(el);
  draft(surface);
  if (!el.dataset.dispatch.includes("change")) return;
  if (await confirmed(el)) { settled.set(el, snapshot(el)); await press(el, valueOf(el)); }
  else { restore(el, settled.get(el)); draft(surface); }
}

function draft(surface) {
  const container = JSON.parse(surface.dataset.container);
  if (!container.view) return;
  later(`${surface.id}-draft`, 250, () => act("draft", { container, values: valuesOf(surface) }));
}

function typed(el, enter = false) {
  if (!enter) draft(surfaceOf(el));
  const key = `${surfaceOf(el).id}-press-${address(el)}`;
  if (enter) { forget(key); press(el, valueOf(el)); }
  else if (el.dataset.dispatch.includes("character")) {
    later(key, 400, () => { const now = el.isConnected ? el : twin(el); if (now) press(now, valueOf(now)); });
  }
}

const twin = (el) => $$(".el").find((other) => address(other) === address(el));

async function submit(dialog) {
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

async function closeModal(dialog, everything) {
  forget(dialog.id);
  await act("close", { container: JSON.parse(dialog.dataset.container), everything });
  await refresh("modal");
}

// Selects

const pickOf = (input) => input.closest(".pick");
const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
const optionsOf = (input) => $$("[role=option]:not([hidden])", listOf(input));

function place(popup, anchor) {
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

function openList(input, query = "") {
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

function choose(input, option) {
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

function setChosen(pick, entries) {
  const before = pick.dataset.chosen;
  pick.dataset.chosen = JSON.stringify(entries);
  showChosen(pick);
  if (before !== pick.dataset.chosen) changed(pick.closest(".el"));
}

function showChosen(pick) {
  const input = $("[role=combobox]", pick);
  const entries = chosen(pick);
  if (!pick.classList.contains("many")) { input.value = entries[0]?.text ?? ""; return; }
  $(".chips", pick).replaceChildren(...entries.map(({ raw, text }) => {
    const chip = document.createElement("button");
    Object.assign(chip, { type: "button", className: "chip", textContent: text });
    chip.setAttribute("aria-label", `Remove ${text}`);
    chip.dataset.raw = JSON.stringify(raw);
    return chip;
  }));
}

function leave(input) {
  const pick = pickOf(input);
  if (pick.classList.contains("many")) input.value = "";
  else if (input.value === "" && chosen(pick).length) setChosen(pick, []);
  else showChosen(pick);
}

function closePopups(except) {
  for (const opener of $$("[aria-expanded=true][aria-haspopup]")) {
    if (opener === except) continue;
    listOf(opener).hidden = true;
    opener.setAttribute("aria-expanded", "false");
    opener.removeAttribute("aria-activedescendant");
  }
}

function selectKey(event, input) {
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

function menuKey(event, menu) {
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

function toggleMenu(button) {
  const open = button.getAttribute("aria-expanded") === "true";
  closePopups();
  if (open) return;
  const menu = listOf(button);
  button.setAttribute("aria-expanded", "true");
  menu.hidden = false;
  place(menu, button);
  $("[role=menuitem]", menu)?.focus();
}

// The composer

const commands = () => $$("#commands [role=option]");
const activeCommand = () => $("#commands .active");

function complete() {
  const text = composer.value;
  const typing = /^\/\S*$/.test(text);
  for (const option of commands()) option.hidden = !typing || !option.dataset.name.startsWith(text);
  const found = commands().filter((option) => !option.hidden);
  $("#commands").hidden = found.length === 0;
  pointAt(found[0]);
  const known = commands().find((option) => text.split(/\s/)[0] === option.dataset.name);
  $("#usage").textContent = known && !typing ? `${known.dataset.name} ${$(".usage", known).textContent}` : "";
  composer.style.height = "auto";
  composer.style.height = `${Math.min(composer.scrollHeight, 200)}px`;
  sessionStorage.setItem(`text:${user}:${channel}`, text);
}

function pointAt(option) {
  for (const other of commands()) {
    other.classList.toggle("active", other === option);
    other.setAttribute("aria-selected", String(other === option));
  }
  if (option) composer.setAttribute("aria-activedescendant", option.id);
  else composer.removeAttribute("aria-activedescendant");
}

function write(text) {
  composer.value = text;
  complete();
  composer.focus();
}

async function send() {
  const text = composer.value;
  if (!text.trim()) return;
  write("");
  expectAnswer();
  const result = await act("say", { channel, text });
  if (!result.taken) { toast(result.error); if (!composer.value) write(text); }
  refresh("messages");
}

function composerKey(event) {
  const open = !$("#commands").hidden;
  const active = activeCommand();
  if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const found = commands().filter((option) => !option.hidden);
    const at = found.indexOf(active) + (event.key === "ArrowDown" ? 1 : -1);
    pointAt(found[(at + found.length) % found.length]);
  } else if (open && (event.key === "Tab" || (event.key === "Enter" && active.dataset.name !== composer.value))) {
    event.preventDefault();
    write(`${active.dataset.name} `);
  } else if (open && event.key === "Escape") {
    event.stopPropagation();
    $("#commands").hidden = true;
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
}

// Drawers

function toggle(drawer, button, open) {
  button.setAttribute("aria-expanded", String(open));
  if (drawer.id === "inspector") {
    drawer.hidden = !open;
    sessionStorage.setItem("inspector", open ? "1" : "");
    refreshShown("inspector");
  } else {
    document.body.classList.toggle("menu-open", open);
    if (open) $("a[aria-current]", drawer)?.focus();
  }
}

async function showWire(details) {
  const body = $(".wire-body", details);
  if (!details.open || body.childElementCount) return;
  const answer = await fetch(`/as/${user}/wire/${details.dataset.wire}`);
  body.innerHTML = answer.ok ? await answer.text() : "<p>This is no longer kept.</p>";
}

const isOpen = (button) => button.getAttribute("aria-expanded") === "true";

function trap(event, dialog) {
  const stops = $$("a[href], button, input, textarea, select", dialog)
    .filter((node) => !node.disabled && node.tabIndex >= 0 && node.getClientRects().length);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge && dialog.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

// Events, each heard once for the whole page

document.addEventListener("click", (event) => {
  const { target } = event;
  const el = target.closest(".el");
  const option = target.closest(".pick [role=option]");
  const item = target.closest("[role=menuitem]");
  const combo = target.closest("[role=combobox]");
  if (!target.closest(".popup, [aria-haspopup]")) closePopups();
  if (target.closest("dialog.confirm")) return;
  if (combo) { if (combo.getAttribute("aria-expanded") !== "true") openList(combo); }
  else if (option) choose($("[role=combobox]", option.closest(".pick")), option);
  else if (target.closest(".chip")) {
    const pick = target.closest(".pick");
    setChosen(pick, chosen(pick).filter(({ raw }) => !same(raw, JSON.parse(target.closest(".chip").dataset.raw))));
    $("[role=combobox]", pick).focus();
  } else if (item) { closePopups(); listButton(el)?.focus(); pressOnce(el, JSON.parse(item.dataset.raw)); }
  else if (target.closest(".el-overflow > button")) toggleMenu(target.closest("button"));
  else if (target.closest(".el > .btn")) pressOnce(el, null);
  else if (target.closest("[data-close]")) closeModal(target.closest("dialog"), target.closest("[data-close]").dataset.close === "everything");
  else if (target.closest("[data-dismiss]")) act("dismiss", { container: JSON.parse(surfaceOf(target).dataset.container) });
  else if (target.closest("[data-type-in]")) write(target.closest("[data-type-in]").dataset.typeIn);
  else if (target.closest("#commands [role=option]")) write(`${target.closest("[role=option]").dataset.name} `);
  else if (target.closest("#menu-button")) toggle($("#sidebar"), $("#menu-button"), !isOpen($("#menu-button")));
  else if (target.closest("#inspector-button, #inspector-close")) {
    toggle($("#inspector"), $("#inspector-button"), !isOpen($("#inspector-button")));
    if (target.closest("#inspector-close")) $("#inspector-button").focus();
  } else if (document.body.classList.contains("menu-open") && !target.closest("#sidebar")) toggle($("#sidebar"), $("#menu-button"), false);
});

const listButton = (el) => $(".el-overflow > button, [aria-haspopup=menu]", el);

document.addEventListener("input", ({ target }) => {
  if (target === composer) return complete();
  if (target.role === "combobox") return openList(target, target.value);
  const el = target.closest(".el");
  if (el && target.matches("textarea, input:is([type=text], [type=email], [type=url])")) typed(el);
});

document.addEventListener("change", ({ target }) => {
  if (target.id === "clock") { moveClock(target); return; }
  if (target.id === "act-as") { location.href = `/as/${target.value}/${channel}${location.search}`; return; }
  if (target.matches(".el :is([type=radio], [type=checkbox], [type=date], [type=time], [type=datetime-local])")) changed(target.closest(".el"));
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (target === composer) return composerKey(event);
  if (target.role === "combobox") selectKey(event, target);
  const menu = target.closest?.("[role=menu]");
  if (menu) return menuKey(event, menu);
  if (key === "Enter" && target.matches(".el input") && target.closest(".el").dataset.dispatch.includes("enter")) {
    event.preventDefault();
    typed(target.closest(".el"), true);
  }
  if (key === "Tab" && !event.defaultPrevented) {
    const dialog = target.closest?.("dialog") ?? $("dialog.modal");
    if (dialog) trap(event, dialog);
  }
  if (key === "Escape" && !event.defaultPrevented && isOpen($("#menu-button"))) {
    toggle($("#sidebar"), $("#menu-button"), false);
    $("#menu-button").focus();
  } else if (key === "Escape" && target.closest("#inspector")) {
    toggle($("#inspector"), $("#inspector-button"), false);
    $("#inspector-button").focus();
  }
});

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (redrawing || target.role !== "combobox" || pickOf(target).contains(relatedTarget)) return;
  closePopups();
  leave(target);
});
document.addEventListener("mousedown", (event) => { if (event.target.closest(".popup:not(.menu)")) event.preventDefault(); });
document.addEventListener("toggle", ({ target }) => { if (target.matches(".wire")) showWire(target); }, true);
document.addEventListener("submit", (event) => {
  event.preventDefault();
  const dialog = event.target.closest("dialog.modal");
  if (dialog) submit(dialog);
  else send();
});
document.addEventListener("cancel", (event) => {
  if (!event.target.matches("dialog.modal")) return;
  event.preventDefault();
  closeModal(event.target, false);
}, true);
document.addEventListener("scroll", ({ target }) => {
  for (const opener of $$("[aria-expanded=true][aria-haspopup]")) if (!listOf(opener).contains(target)) place(listOf(opener), opener);
}, true);

for (const node of $("#messages")?.children ?? []) source.set(node, node.outerHTML);
wake(document);
showNew();
if (sessionStorage.getItem("inspector")) toggle($("#inspector"), $("#inspector-button"), true);
if ($("#messages")) {
  toNewest();
  panel.addEventListener("scroll", scrolled);
  new ResizeObserver(resized).observe(panel);
}
if (composer) {
  composer.value = sessionStorage.getItem(`text:${user}:${channel}`) ?? "";
  complete();
  if (matchMedia("(min-width: 769px)").matches) composer.focus({ preventScroll: true });
}
if ($("dialog.modal")) showModal($("dialog.modal"));
if ($("#home")) act("open_home", {});
listen();
