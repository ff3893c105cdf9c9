// The message box, with the commands it offers.

import { $, $$, channel, composer, toast, user } from "./dom.js";
import { act } from "./server.js";
import { expectAnswer } from "./reading.js";
import { refresh } from "./parts.js";

const commands = () => $$("#commands [role=option]");
const activeCommand = () => $("#commands .active");

export function complete() {
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

export function write(text) {
  composer.value = text;
  complete();
  composer.focus();
}

export async function send() {
  const text = composer.value;
  if (!text.trim()) return;
  write("");
  expectAnswer();
  const result = await act("say", { channel, text });
  if (!result.taken) { toast(result.error); if (!composer.value) write(text); }
  refresh("messages");
}

export function composerKey(event) {
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
