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

const last = document.querySelector("#conversation > .message:last-of-type");
const short = document.documentElement.clientHeight * 0.9;
if (last && !location.hash && last.getBoundingClientRect().top > short) {
  last.scrollIntoView({ block: "center" });
}
