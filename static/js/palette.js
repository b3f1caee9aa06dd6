/* The dialog #palette, opened by Ctrl+K or ⌘K: a list of everything that the page links to or
   offers, narrowed by what is typed. ArrowDown, ArrowUp and Enter; the focus never leaves the
   field (aria-activedescendant), and how many entries are left is said.

   Hooks:
   .sidebar-entry[href]            is an entry.
   data-palette                    on a link or button anywhere: an entry; choosing it presses it.
                                   Its value is what it is called, if not by its own words.
   data-palette-number="Open #{}"  on a link: offered for a number, which is added to its address.
   data-palette-search="… “{}”"    the same for any words.
   data-palette-said="Entries: {}" what is said about the length of the list. */

import { openDialog } from "./dialogs.js";

const SOURCES = "#sidebar .sidebar-entry[href], [data-palette]";
const palette = document.getElementById("palette");
const field = palette?.querySelector("input");
const list = palette?.querySelector("[role=listbox]");
const said = palette?.querySelector("[data-palette-said]");
const onMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);
let at = 0;

const plain = (text) => text.normalize("NFKC").toLocaleLowerCase().trim();

function nameOf(element) {
  const own = element.querySelector(":scope > span:not(.sidebar-count)")?.textContent;
  return (element.dataset.palette || own || element.textContent).replace(/\s+/g, " ").trim();
}

/* 4: begins with it; 3: a word does; 2: holds it; 1: has its letters in that order; 0: no. */
function likeness(words, text) {
  const found = text.indexOf(words);
  if (found === 0) return 4;
  if (found > 0) return /[\s\p{P}]/u.test(text[found - 1]) ? 3 : 2;
  let from = 0;
  for (const letter of words.replace(/\s/g, "")) {
    from = text.indexOf(letter, from) + 1;
    if (!from) return 0;
  }
  return 1;
}

function entry(name, element, choose = () => element.click()) {
  return { name, choose, icon: element.querySelector("svg") };
}

function searches(kind, words) {
  return [...palette.querySelectorAll(`[data-palette-${kind}]`)].map((link) => {
    const template = link.getAttribute(`data-palette-${kind}`);
    const address = link.href + encodeURIComponent(words);
    return entry(template.replace("{}", () => words), link, () => location.assign(address));
  });
}

function entriesFor(typed) {
  const pages = [...document.querySelectorAll(SOURCES)].map((one) => entry(nameOf(one), one));
  const words = plain(typed);
  if (!words) return pages;
  const number = words.match(/^#?(\d{1,18})$/)?.[1];
  const rated = pages.map((one) => ({ ...one, rank: likeness(words, plain(one.name)) }));
  rated.sort((a, b) => b.rank - a.rank);
  return [
    ...(number ? searches("number", number) : []),
    ...rated.filter((one) => one.rank > 1),
    ...searches("search", typed.trim()),
    // Letters that only happen to be there: never in front of what was meant as words.
    ...rated.filter((one) => one.rank === 1),
  ];
}

function draw() {
  const entries = entriesFor(field.value);
  list.replaceChildren(
    ...entries.map((one, place) => {
      const option = document.createElement("li");
      option.id = `palette-${place}`;
      option.setAttribute("role", "option");
      if (one.icon) option.append(one.icon.cloneNode(true));
      option.append(one.name);
      option.addEventListener("click", () => choose(one));
      return option;
    }),
  );
  stand(0);
  said.textContent = said.dataset.paletteSaid.replace("{}", entries.length);
}

function stand(place) {
  const options = list.children;
  at = (place + options.length) % options.length || 0;
  for (const option of options) option.setAttribute("aria-selected", String(option === options[at]));
  if (options[at]) field.setAttribute("aria-activedescendant", options[at].id);
  else field.removeAttribute("aria-activedescendant");
  options[at]?.scrollIntoView({ block: "nearest" });
}

function choose(one) {
  palette.close();
  one.choose();
}

function open() {
  document.getElementById("sidebar")?.hidePopover?.();
  field.value = "";
  openDialog("palette");
  field.focus();
  draw();
}

document.addEventListener("keydown", (event) => {
  if (!palette || event.isComposing || event.altKey || event.shiftKey) return;
  if (event.key.toLowerCase() !== "k" || !(onMac ? event.metaKey : event.ctrlKey)) return;
  const other = document.querySelector("dialog[open]:not(#palette)");
  if (other) return;
  event.preventDefault();
  if (palette.open) palette.close();
  else open();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-opens=palette]")) open();
});

field?.addEventListener("input", draw);

field?.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) stand(at + step);
  else if (event.key === "Enter" && list.children[at]) list.children[at].click();
  else return;
  event.preventDefault();
});
