/* Tells the server that a record is open here, and whether somebody writes in it.

   Hooks:
   [data-presence="address"]   where that is posted at once, every ten seconds while the page is
                               visible, and when writing begins or ends; the answer, who else is
                               there, is put inside. Somebody writes while something was typed in
                               the last fifteen seconds. On leaving the page: leave=1. */
import { csrfToken } from "../csrf.js";

const EVERY = 10_000;
const WRITES_FOR = 15_000;
const place = document.querySelector("[data-presence]");
let typedAt = -Infinity;

function beat() {
  if (document.visibilityState !== "visible") return;
  const writing = performance.now() - typedAt < WRITES_FOR ? "1" : "0";
  const asked = window.htmx.ajax("POST", place.dataset.presence, {
    source: place,
    target: place,
    values: { writing },
  });
  // Without a network: toasts.js has said so, and the next beat comes.
  asked?.catch(() => {});
}

if (place) {
  // htmx comes with the page; it is there once everything is loaded.
  window.addEventListener("load", beat);
  place.addEventListener("live", beat);
  setInterval(beat, EVERY);
  document.addEventListener("visibilitychange", beat);
  document.getElementById("composer-text")?.addEventListener("input", () => {
    const began = performance.now() - typedAt >= WRITES_FOR;
    typedAt = performance.now();
    if (began) beat();
  });
  window.addEventListener("pagehide", () => {
    const gone = new FormData();
    gone.append("leave", "1");
    gone.append("csrfmiddlewaretoken", csrfToken());
    navigator.sendBeacon(place.dataset.presence, gone);
  });
}
