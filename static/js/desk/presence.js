/* Tells the server that a record is open here, and whether somebody writes in it.

   Hooks:
   [data-presence]    gets the event "beat" at once, every ten seconds while the page is visible,
                      and when writing begins or ends; it posts then (hx-trigger="beat"). Its field
                      "writing" is 1 while something was typed in the last fifteen seconds.
   On leaving the page the same address is told with leave=1. */
import { csrfToken } from "../csrf.js";

const EVERY = 10_000;
const WRITES_FOR = 15_000;
const place = document.querySelector("[data-presence]");
let typedAt = -Infinity;

function beat() {
  if (document.visibilityState !== "visible") return;
  place.querySelector("[name=writing]").value = performance.now() - typedAt < WRITES_FOR ? "1" : "0";
  place.dispatchEvent(new CustomEvent("beat", { bubbles: false }));
}

if (place) {
  // htmx must know the element before it is told anything.
  window.addEventListener("load", beat);
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
    navigator.sendBeacon(place.getAttribute("hx-post"), gone);
  });
}
