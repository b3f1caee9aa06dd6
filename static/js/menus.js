/* Menus are <details class="menu"><summary class="btn">…</summary><div class="menu-body">…: the
   browser opens them. Here: only one is open, Esc and a click beside it close it, arrow keys move,
   and on a narrow screen it is pushed back to where all of it can be read.

   No hooks beyond the class. */

const EDGE = 8;
const ITEMS = ":scope .menu-body :is(a[href], button, input, select)";

function openMenus() {
  return document.querySelectorAll("details.menu[open]");
}

function close(menu, { refocus = false } = {}) {
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

function keepInSight(body) {
  body.style.translate = "";
  const { left, right, width } = body.getBoundingClientRect();
  const beyond = Math.max(0, right - (document.documentElement.clientWidth - EDGE));
  const by = left < EDGE ? EDGE - left : -beyond;
  if (width && by) body.style.translate = `${by}px`;
}

// What a menu fetches may be wider than what it had.
const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => keepInSight(target)));

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.matches(".menu") || !menu.open) return;
    for (const body of menu.querySelectorAll(":scope > .menu-body")) sizes.observe(body);
    openMenus().forEach((other) => other !== menu && !other.contains(menu) && close(other));
  },
  true,
);

document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => {
    const chosen = event.target.closest(".menu-body > :is(a, button)");
    if (!menu.contains(event.target) || (chosen && menu.contains(chosen))) close(menu);
  });
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const menu = [...openMenus()].at(-1);
  if (!menu) return;
  if (event.key === "Escape") {
    close(menu, { refocus: true });
    event.stopPropagation();
    event.preventDefault();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target.closest("textarea, select")) return;
  const items = [...menu.querySelectorAll(ITEMS)].filter((item) => item.offsetParent);
  if (!items.length) return;
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = items.indexOf(document.activeElement);
  items.at(at === -1 ? (step === 1 ? 0 : -1) : (at + step) % items.length).focus();
  event.preventDefault();
});
