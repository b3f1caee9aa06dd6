/* Lists to work through: where one is, what is selected.

   Hooks:
   data-rows            the list (table, ul). Nothing is remembered about its nodes, so htmx may
                        swap it.
   data-row="id"        a row, with one a.row-link in it; j and k move between them.
   data-row-check       the checkbox of a row (name and value as the bulk form wants them).
   data-rows-all        the checkbox in the head: all rows of this page.
   data-bulk-bar        shown while something is selected; may hold
   data-bulk-count      … an element whose text becomes the number of selected rows,
   data-bulk-clear      … a button that clears the selection.
   Event "rows:selected" on the list, detail.count. */

const list = () => document.querySelector("[data-rows]");
const rows = () => [...(list()?.querySelectorAll("[data-row]") ?? [])];
const checkOf = (row) => row?.querySelector("[data-row-check]");
let lastChecked = null;

export function currentRow() {
  return document.activeElement?.closest("[data-row]") ?? list()?.querySelector("[data-row][data-at]");
}

export function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(currentRow());
  const next = at === -1 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1);
  all.forEach((row) => row.removeAttribute("data-at"));
  all[next].dataset.at = "";
  const link = all[next].querySelector(".row-link");
  link?.focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "nearest" });
  return true;
}

export function toggleCurrent() {
  const check = checkOf(currentRow());
  check?.click();
  return Boolean(check);
}

export function clearSelection() {
  const checked = rows().map(checkOf).filter((check) => check?.checked);
  checked.forEach((check) => (check.checked = false));
  show();
  return checked.length > 0;
}

function show() {
  const all = rows();
  if (!all.length) return;
  const chosen = all.filter((row) => checkOf(row)?.checked);
  all.filter(checkOf).forEach((row) => row.setAttribute("aria-selected", String(chosen.includes(row))));
  document.querySelectorAll("[data-bulk-bar]").forEach((bar) => (bar.hidden = !chosen.length));
  document.querySelectorAll("[data-bulk-count]").forEach((n) => (n.textContent = chosen.length));
  const head = document.querySelector("[data-rows-all]");
  if (head) {
    head.checked = chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  list().dispatchEvent(
    new CustomEvent("rows:selected", { bubbles: true, detail: { count: chosen.length } }),
  );
}

function checkRange(from, to, value) {
  const all = rows();
  const [first, last] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  if (first < 0) return;
  all.slice(first, last + 1).forEach((row) => {
    const check = checkOf(row);
    if (check) check.checked = value;
  });
}

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-rows-all]")) {
    rows().forEach((row) => checkOf(row) && (checkOf(row).checked = event.target.checked));
    show();
  } else if (event.target.matches("[data-row-check]")) {
    const row = event.target.closest("[data-row]");
    if (event.shiftKey && lastChecked) checkRange(lastChecked, row, event.target.checked);
    lastChecked = row;
    show();
  } else if (event.target.closest("[data-bulk-clear]")) {
    clearSelection();
  }
});

document.addEventListener("htmx:afterSettle", show);
window.addEventListener("pageshow", show);
