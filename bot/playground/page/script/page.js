// The whole page: drawers, and events, each heard once.

import { $, $$, channel, composer, panel, user } from "./dom.js";
import { act, moveClock } from "./server.js";
import { chosen, same, surfaceOf, wake } from "./elements.js";
import { redrawing, source } from "./redraw.js";
import { resized, scrolled, toNewest } from "./reading.js";
import { listen, refreshShown, showNew } from "./parts.js";
import { changed, closeModal, pressOnce, submit, typed } from "./acting.js";
import { choose, closePopups, leave, listOf, menuKey, openList, pickOf, place, selectKey, setChosen, toggleMenu } from "./popups.js";
import { complete, composerKey, send, write } from "./composing.js";

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

// A permalink opens the message for the person who follows it, whoever that is.
function follow(event, link) {
  const [, room, digits] = link.pathname.match(/^\/archives\/(\w+)\/p(\d+)\d{6}$/) ?? [];
  if (link.origin !== location.origin || !room) return;
  event.preventDefault();
  location.href = `/as/${user}/${room}#m-${digits}-${link.pathname.slice(-6)}`;
}

function linked() {
  const message = location.hash.startsWith("#m-") && document.getElementById(location.hash.slice(1));
  if (message) message.scrollIntoView({ block: "center" });
  return Boolean(message);
}

const listButton = (el) => $(".el-overflow > button, [aria-haspopup=menu]", el);

document.addEventListener("click", (event) => {
  const { target } = event;
  const el = target.closest(".el");
  const option = target.closest(".pick [role=option]");
  const item = target.closest("[role=menuitem]");
  const combo = target.closest("[role=combobox]");
  const link = target.closest("a[href]");
  if (!target.closest(".popup, [aria-haspopup]")) closePopups();
  if (target.closest("dialog.confirm")) return;
  if (link) follow(event, link);
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
  else if (target.closest("[data-clock]")) moveClock(target.closest("[data-clock]").dataset.clock);
  else if (target.closest("#commands [role=option]")) write(`${target.closest("[role=option]").dataset.name} `);
  else if (target.closest("#menu-button")) toggle($("#sidebar"), $("#menu-button"), !isOpen($("#menu-button")));
  else if (target.closest("#inspector-button, #inspector-close")) {
    toggle($("#inspector"), $("#inspector-button"), !isOpen($("#inspector-button")));
    if (target.closest("#inspector-close")) $("#inspector-button").focus();
  } else if (document.body.classList.contains("menu-open") && !target.closest("#sidebar")) toggle($("#sidebar"), $("#menu-button"), false);
});

document.addEventListener("input", ({ target }) => {
  if (target === composer) return complete();
  if (target.role === "combobox") return openList(target, target.value);
  const el = target.closest(".el");
  if (el && target.matches("textarea, input:is([type=text], [type=email], [type=url])")) typed(el);
});

document.addEventListener("change", ({ target }) => {
  if (target.id === "clock") { moveClock(target.value); return; }
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
  if (!linked()) toNewest();
  panel.addEventListener("scroll", scrolled);
  new ResizeObserver(resized).observe(panel);
}

if (composer) {
  composer.value = sessionStorage.getItem(`text:${user}:${channel}`) ?? "";
  complete();
  if (matchMedia("(min-width: 769px)").matches) composer.focus({ preventScroll: true });
}

if ($("#home")) act("open_home", {});
listen();
