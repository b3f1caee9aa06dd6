/* Where one is on the page of a record.

   The page opens where the work is: at the newest message. After a change in place the focus goes
   back to the property that was changed, although the side was drawn anew.
   data-show-news on a link: shows the page anew (the text in the editor is kept). */

let changed = "";

document.addEventListener("htmx:beforeRequest", (event) => {
  const summary = event.target.closest?.("#record-side details")?.querySelector("summary[id]");
  if (summary && event.detail.requestConfig?.verb === "post") changed = summary.id;
});

document.addEventListener("htmx:afterSettle", () => {
  if (!changed || document.activeElement !== document.body) return;
  document.getElementById(changed)?.focus();
  changed = "";
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-show-news]")) return;
  event.preventDefault();
  location.reload();
});

/* Newest message and editor together when they fit, else the message from its beginning. */
function openAtTheWork() {
  const last = document.querySelector("#conversation > .message:last-of-type");
  const composer = document.getElementById("composer");
  if (!last || location.hash || document.querySelector("[data-given]")) return;
  const head = document.getElementById("record-head").getBoundingClientRect().bottom;
  const room = document.documentElement.clientHeight - head;
  const end = composer ?? last;
  if (end.getBoundingClientRect().bottom <= head + room) return;
  const together = end.getBoundingClientRect().bottom - last.getBoundingClientRect().top < room - 32;
  if (together) end.scrollIntoView({ block: "end" });
  else last.scrollIntoView({ block: "start" });
}

openAtTheWork();
