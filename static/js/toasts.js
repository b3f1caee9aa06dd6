/* Short messages at the lower left: they go after 8 seconds, wait while one points at them, and
   errors stay until closed.

   Hooks:
   #toasts             where they live (layout/_toasts.html); new children are picked up.
   data-toast          one message (components/toast.html).
   data-toast-stays    does not go by itself.
   data-toast-close    the button that closes it.
   From a script: say(text, tone), tone = success, info, warning or error. */

const LIFE = 8000;
const region = document.getElementById("toasts");

export function say(text, tone = "success") {
  if (!region || [...region.querySelectorAll("p")].some((old) => old.textContent === text)) return;
  const toast = document.createElement("div");
  toast.className = `toast-note toast-${tone}`;
  toast.dataset.toast = "";
  if (tone === "error") toast.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = text;
  const button = document.createElement("button");
  button.className = "btn btn-quiet";
  button.type = "button";
  button.dataset.toastClose = "";
  button.textContent = region.dataset.close;
  toast.append(words, button);
  region.append(toast);
}

function letLive(toast) {
  if (toast.dataset.alive || "toastStays" in toast.dataset) return;
  toast.dataset.alive = "yes";
  if (toast.matches(".toast-error")) return;
  let timer;
  const run = () => (timer = setTimeout(() => toast.remove(), LIFE));
  const pause = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", pause);
  toast.addEventListener("pointerleave", run);
  toast.addEventListener("focusin", pause);
  toast.addEventListener("focusout", run);
  run();
}

function pickUp() {
  region.querySelectorAll("[data-toast]").forEach(letLive);
}

if (region) {
  pickUp();
  new MutationObserver(pickUp).observe(region, { childList: true });
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]")?.remove();
});

document.addEventListener("htmx:sendError", () => say(region?.dataset.offline, "error"));

window.addEventListener("online", () => {
  for (const one of region?.querySelectorAll("[data-toast]") ?? []) {
    if (one.querySelector("p")?.textContent === region.dataset.offline) one.remove();
  }
});

document.addEventListener("htmx:responseError", (event) => {
  const { forbidden, gone, failed } = region?.dataset ?? {};
  const sentences = { 403: forbidden, 404: gone, 410: gone };
  say(sentences[event.detail.xhr.status] ?? failed, "error");
});
