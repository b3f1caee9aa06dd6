/* A dashboard on a wall: goes on to the next one after a while, full screen when asked.

   Hooks:
   body[data-wall-seconds]   after so many seconds; 0: it stays. A page that nobody sees waits.
   #wall[data-wall-next]     address of the next dashboard.
   data-wall-full            a button that fills the screen. */

const seconds = Number(document.body.dataset.wallSeconds);

// Fetched in place: a new document would leave the full screen.
async function goOn() {
  const wall = document.querySelector("#wall");
  if (!document.hidden) {
    try {
      const answer = await fetch(wall.dataset.wallNext);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = answer.ok ? page.querySelector("#wall") : null;
      if (next) {
        wall.replaceWith(next);
        window.htmx?.process(next);
        document.title = page.title;
      } else {
        location.reload(); // signed out, or the dashboard is gone: say so
      }
    } catch {
      // No connection: what is shown stays, and the next try may do.
    }
  }
  setTimeout(goOn, 1000 * seconds);
}

if (seconds) setTimeout(goOn, 1000 * seconds);

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-wall-full]")) return;
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
});
