/* Mails in their frame: as tall as they are, and pictures from the network on demand.

   Hooks:
   data-mail-frame            on the iframe (no script runs in it; same origin, so it can be
                              measured from here).
   data-pictures="address"    on a button: shows the frame before it with pictures. */

const TALLEST = 1600;

function fit(frame) {
  const inside = frame.contentDocument?.documentElement;
  if (inside) frame.height = Math.min(inside.scrollHeight + 4, TALLEST);
}

document.addEventListener(
  "load",
  (event) => {
    if (event.target.matches?.("[data-mail-frame]")) fit(event.target);
  },
  true,
);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pictures]");
  if (!button) return;
  const frame = button.closest(".message-whole, .panel-body")?.querySelector("[data-mail-frame]");
  if (frame) frame.src = button.dataset.pictures;
  button.parentElement.remove();
});
