/* Single letters for those who want them. Off while typing, during IME composition, with Ctrl,
   Alt or ⌘, inside dialogs, and for people who switched them off (body[data-shortcuts=off]).

   Hooks:
   data-shortcut="r"    on anything: the letter presses it (buttons, links, <summary>) or puts the
                        cursor into it (fields). The first visible one on the page wins, so a row
                        that is current may hold its own.
   data-shortcut="g i"  two letters, one after the other within a second.
   j, k, x and Esc belong to the list (js/rows.js); Esc clears the selection first, then presses
   data-shortcut="Escape" (clear filters). ? opens the dialog #shortcuts; a line of it with
   data-shortcut-of="g s" is left out for people who have no such link. */

import { openDialog } from "./dialogs.js";
import { clearSelection, currentRow, move, toggleCurrent } from "./rows.js";

const SEQUENCE_WITHIN = 1000;
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select";
let first = "";
let firstAt = 0;

function typing(target) {
  return target instanceof Element && (target.matches(FIELDS) || target.isContentEditable);
}

function visible(element) {
  return element.checkVisibility?.() ?? element.offsetParent !== null;
}

function find(keys) {
  const selector = `[data-shortcut="${CSS.escape(keys)}"]`;
  const within = currentRow()?.querySelectorAll(selector) ?? [];
  // The sidebar is a closed popover on a phone with a keyboard: its links still count.
  return [...within, ...document.querySelectorAll(selector)].find(
    (element) => !element.disabled && (visible(element) || element.closest("#sidebar")),
  );
}

function press(element) {
  if (element.matches(FIELDS)) {
    element.focus();
    element.select?.();
    return;
  }
  if (element.matches("summary")) element.focus();
  element.click();
  // A menu that asks for words is opened to write them.
  element.closest("details.menu[open]")?.querySelector(":scope > .menu-body > input")?.focus();
}

const builtIn = {
  "?": () => (openDialog("shortcuts"), true),
  j: () => move(1),
  k: () => move(-1),
  x: toggleCurrent,
  Escape: clearSelection,
};

function handle(keys) {
  if (builtIn[keys]?.()) return true;
  const element = find(keys);
  if (element) press(element);
  return Boolean(element);
}

for (const line of document.querySelectorAll("#shortcuts [data-shortcut-of]")) {
  line.hidden = !document.querySelector(`[data-shortcut="${CSS.escape(line.dataset.shortcutOf)}"]`);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key !== "Escape" && document.body.dataset.shortcuts === "off") return;
  // Those close themselves with Esc, and letters belong to them.
  if (document.querySelector("dialog[open], :popover-open")) return;
  if (typing(event.target)) {
    if (event.key === "Escape" && event.target.matches("[data-shortcut]")) event.target.blur();
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const sequence = first && event.timeStamp - firstAt < SEQUENCE_WITHIN ? `${first} ${key}` : "";
  first = "";
  if (handle(sequence || key)) {
    event.preventDefault();
  } else if (!sequence && document.querySelector(`[data-shortcut^="${CSS.escape(key)} "]`)) {
    first = key;
    firstAt = event.timeStamp;
  }
});
