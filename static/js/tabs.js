/* Where tabs do not fit the screen, the one that is open is in sight, and the edges behind which there
   are more of them fade. No hook: every .tabs. */

function sayWhereMoreIs(list) {
  const hidden = list.scrollWidth - list.clientWidth;
  const more = [];
  if (list.scrollLeft > 1) more.push("start");
  if (list.scrollLeft < hidden - 1) more.push("end");
  if (more.length) list.dataset.more = more.join(" ");
  else delete list.dataset.more;
}

for (const list of document.querySelectorAll(".tabs")) {
  const open = list.querySelector("[aria-current]");
  if (open && list.scrollWidth > list.clientWidth) {
    list.scrollLeft = open.offsetLeft - list.offsetLeft - (list.clientWidth - open.offsetWidth) / 2;
  }
  list.addEventListener("scroll", () => sayWhereMoreIs(list), { passive: true });
  new ResizeObserver(() => sayWhereMoreIs(list)).observe(list);
}
