/* "leaves in 8 s": the time in which an answer can be taken back.

   Hooks:
   data-countdown="2026-11-22T10:00:08+00:00"   with data-words ("leaves in … s") and
   data-gone ("on its way"), said once the moment has passed; the nearest form[data-recall] in the
   same message then goes. */

function tick() {
  const running = document.querySelectorAll("[data-countdown]");
  running.forEach((element) => {
    const left = Math.ceil((Date.parse(element.dataset.countdown) - Date.now()) / 1000);
    if (left > 0) {
      element.textContent = element.dataset.words.replace("…", left);
      return;
    }
    element.textContent = element.dataset.gone;
    element.closest(".message")?.querySelector("[data-recall]")?.remove();
    delete element.dataset.countdown;
  });
  if (document.querySelector("[data-countdown]")) setTimeout(tick, 250);
}

tick();
document.addEventListener("htmx:afterSettle", tick);
