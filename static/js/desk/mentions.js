/* Mentioning colleagues in a note: @ and a piece of the name.

   Hooks:
   [data-mentions="address"]   the box that shows whom one can mention; fetched once from there.
   [data-mention="handle"]     one person; data-name is what they are found by.
   Arrow keys choose, Enter or Tab takes, Escape closes; the focus stays in the text. */
import { isNote } from "./composer.js";

const form = document.getElementById("composer");
const text = form?.elements.text;
const box = form?.querySelector("[data-mentions]");
const TYPED = /(^|[^a-zA-Z0-9._%+-])@([^\s@]{0,30})$/;
const SHOWN = 8;
let fetched = null;
let from = null;

const offered = () => [...box.querySelectorAll("[data-mention]")];
const shown = () => offered().filter((one) => !one.hidden);
const chosen = () => box.querySelector('[aria-selected="true"]');

function close() {
  from = null;
  box.hidden = true;
  text.removeAttribute("aria-activedescendant");
  text.removeAttribute("aria-controls");
}

function choose(one) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!one) return;
  one.setAttribute("aria-selected", "true");
  one.scrollIntoView({ block: "nearest" });
  text.setAttribute("aria-activedescendant", one.id);
}

function narrow(words) {
  const wanted = words.toLowerCase();
  let left = SHOWN;
  offered().forEach((one) => {
    const fits = one.dataset.name.toLowerCase().includes(wanted) && left > 0;
    one.hidden = !fits;
    if (fits) left -= 1;
  });
  const first = shown()[0];
  // Somebody who types a name in full, and goes on, wants no list.
  box.hidden = !first;
  choose(first);
  text.setAttribute("aria-controls", "composer-mentions");
}

function insert(one) {
  text.setRangeText(`@${one.dataset.mention} `, from, text.selectionStart, "end");
  close();
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

async function fetchPeople() {
  fetched ??= fetch(box.dataset.mentions, { headers: { "HX-Request": "true" } }).then((answer) =>
    answer.ok ? answer.text() : "",
  );
  const people = await fetched;
  if (!box.firstElementChild) box.append(document.createRange().createContextualFragment(people));
}

async function offer() {
  const match = isNote() && TYPED.exec(text.value.slice(0, text.selectionStart));
  if (!match) {
    if (from !== null) close();
    return;
  }
  from = match.index + match[1].length;
  await fetchPeople();
  if (from !== null) narrow(match[2]);
}

function move(step) {
  const all = shown();
  const at = all.indexOf(chosen());
  choose(all[(at + step + all.length) % all.length]);
}

function press(event) {
  if (from === null || box.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => insert(chosen()),
    Tab: () => insert(chosen()),
    Escape: close,
  };
  const act = keys[event.key];
  if (!act || (["Enter", "Tab"].includes(event.key) && !chosen())) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
}

if (box) {
  box.id = "composer-mentions";
  text.addEventListener("input", offer);
  text.addEventListener("keydown", press, true);
  text.addEventListener("blur", () => setTimeout(close, 150));
  box.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const one = event.target.closest("[data-mention]");
    if (one) insert(one);
  });
}
