/* Answers taken down by keyboard: digits choose, Enter goes on. Without this the form works as any
   other.

   Hooks: <form data-entry>; [data-entry-on] is the button that Enter presses after the last
   question; [data-entry-help] is shown when this runs. */

const WITHIN = 700; // milliseconds between the digits of one number

const form = document.querySelector("form[data-entry]");
const PICKS = "input[type=radio], input[type=checkbox]";
let typed = "";
let typedAt = 0;

const seen = (element) => !element.disabled && element.checkVisibility();

/* What belongs together: the picks of one name, or one field. */
function groups() {
  const found = [];
  const names = new Map();
  for (const control of form.querySelectorAll("[data-q] :is(input, select, textarea)")) {
    if (control.type === "hidden" || !seen(control.closest("label") ?? control)) continue;
    if (!control.matches(PICKS)) {
      found.push([control]);
    } else if (names.has(control.name)) {
      names.get(control.name).push(control);
    } else {
      const group = [control];
      names.set(control.name, group);
      found.push(group);
    }
  }
  return found;
}

/* Numbers are chosen by themselves, everything else by its place. */
function keysOf(group) {
  const numbers = group.filter((pick) => /^\d+$/.test(pick.value));
  const isScale = group[0].type === "radio" && numbers.length >= group.length - 1 && numbers.length > 1;
  return new Map(group.map((pick, at) => [isScale && /^\d+$/.test(pick.value) ? pick.value : isScale ? "-" : String(at + 1), pick]));
}

function focusOn(control) {
  control.focus();
  control.closest("[data-q]")?.scrollIntoView({ block: "nearest" });
}

function goOn(control) {
  const all = groups();
  const here = all.findIndex((group) => group.includes(control));
  const next = all[here + 1];
  if (next) focusOn(next.find((pick) => pick.checked) ?? next[0]);
  else form.querySelector("[data-entry-on]")?.click();
}

function choose(control, key) {
  const group = groups().find((one) => one.includes(control));
  const keys = keysOf(group);
  const now = Date.now();
  const longer = now - typedAt < WITHIN ? typed + key : key;
  const pick = keys.get(longer) ?? keys.get(key);
  typed = keys.has(longer) ? longer : key;
  typedAt = now;
  if (!pick) return false;
  // The first digit of a longer number chose something else: a box is taken back.
  if (pick.type === "checkbox" && typed.length > 1) keys.get(typed.slice(0, -1))?.click();
  pick.focus();
  if (pick.type === "checkbox" || !pick.checked) pick.click();
  return true;
}

function mark() {
  for (const group of groups()) {
    if (!group[0].matches(PICKS) || group[0].closest(".step, .stars, .faces")) continue;
    for (const [key, pick] of keysOf(group)) {
      const label = pick.closest("label");
      if (!label || label.querySelector(".entry-key")) continue;
      const shown = document.createElement("kbd");
      shown.className = "entry-key";
      shown.ariaHidden = "true";
      shown.textContent = key;
      label.append(shown);
    }
  }
}

function onKey(event) {
  const control = event.target;
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!(control instanceof HTMLElement) || !control.closest("[data-q]")) return;
  if (event.key === "Enter" && !control.matches("textarea, button, a, summary")) {
    event.preventDefault();
    event.stopPropagation(); // customers' pages are sent by Enter
    goOn(control);
  } else if (/^[\d-]$/.test(event.key) && control.matches(PICKS) && choose(control, event.key)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

if (form) {
  form.addEventListener("keydown", onKey, { capture: true });
  form.querySelector("[data-entry-help]")?.removeAttribute("hidden");
  mark();
  new MutationObserver(mark).observe(form, { childList: true, subtree: true, attributeFilter: ["hidden"] });
  const first = groups()[0];
  if (first && !document.querySelector("[autofocus]")) focusOn(first.find((pick) => pick.checked) ?? first[0]);
}
