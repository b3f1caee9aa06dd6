/* Where tabs do not fit the screen, the one that is open is in sight. No hook: every .tabs. */

for (const open of document.querySelectorAll(".tabs [aria-current]")) {
  const list = open.closest(".tabs");
  if (list.scrollWidth > list.clientWidth) {
    list.scrollLeft = open.offsetLeft - list.offsetLeft - (list.clientWidth - open.offsetWidth) / 2;
  }
}
