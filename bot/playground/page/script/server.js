// Talking to the server.

import { $, toast, user } from "./dom.js";

export async function act(name, body) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`/as/${user}/act/${name}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { ...await answer.json(), taken: answer.ok };
  } catch {
    return { ok: false, error: "The playground did not answer. Is it still running?", errors: {}, taken: false };
  }
}

export async function moveClock(to) {
  const result = await act("clock", { to });
  if (result.ok) { location.reload(); return; }
  $("#clock").value = "";
  toast(result.error);
}
