/* A long sidebar shows where one is, also when the views have come in above it. */
const sidebar = document.querySelector("#sidebar");
const here = sidebar?.querySelector(".sidebar-end [aria-current=page]");

function showHere() {
  const hidden = here.getBoundingClientRect().bottom + 48 - sidebar.clientHeight;
  if (hidden > 0) sidebar.scrollTop += hidden;
}

if (here) {
  showHere();
  sidebar.addEventListener("toggle", showHere); // on a phone it opens later
  document.querySelector("#sidebar-views")?.addEventListener("htmx:afterSettle", showHere, { once: true });
}
