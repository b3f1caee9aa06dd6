/* Reply templates: chosen from the menu, or by typing :: and a piece of the name. A Chinese
   keyboard writes the colons as ：：, which is as good.

   Hooks:
   details[data-templates]   the menu; its body is fetched when it opens.
   data-template="7"         one template (a link that works without this script), with
   data-name                 … what it is found by: shortcut, names, kind, and
   data-template-text        … the text as it reads for this customer.
   data-template-words       the field that narrows the list.

   Arrow keys choose, Enter or Tab takes, Escape closes; the focus stays where one types
   (aria-activedescendant). What is being composed with an input method is not looked at before
   it is finished: its letters are none of the name. */

const form = document.getElementById("composer");
const text = form?.elements.text;
const menu = form?.querySelector("[data-templates]");
const TYPED = /(?:::|：：|:：|：:)([^\s:：]{0,30})$/;
// From where to where the text is replaced when :: called the menu.
let typedFrom = null;

const offered = () => [...(menu?.querySelectorAll("[data-template]") ?? [])];
const shown = () => offered().filter((one) => !one.hidden);
const chosen = () => shown().find((one) => one.getAttribute("aria-selected") === "true");
const words = () => menu.querySelector("[data-template-words]");
const plain = (name) => name.normalize("NFKC").toLocaleLowerCase();
// Where one types: in the text behind ::, or in the field of the menu.
const field = () => (typedFrom === null ? words() : text);

function choose(one) {
  offered().forEach((other) => other.setAttribute("aria-selected", String(other === one)));
  one?.scrollIntoView({ block: "nearest" });
  if (one) field()?.setAttribute("aria-activedescendant", one.id);
  else field()?.removeAttribute("aria-activedescendant");
}

// The first name is the shortcut: what begins like the typed letters is taken before the rest.
function narrow(typed) {
  const wanted = plain(typed.trim());
  offered().forEach((one) => {
    one.hidden = !plain(one.dataset.name).includes(wanted);
  });
  choose(shown().find((one) => plain(one.dataset.name).startsWith(wanted)) ?? shown()[0]);
}

function move(step) {
  const all = shown();
  choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
}

function insert(template) {
  const wording = template.querySelector("[data-template-text]").textContent;
  const start = typedFrom ?? text.selectionStart;
  const end = typedFrom === null ? text.selectionEnd : text.selectionStart;
  text.setRangeText(wording, start, end, "end");
  const used = { type: "hidden", name: "template", value: template.dataset.template };
  form.append(Object.assign(document.createElement("input"), used));
  close();
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
  const unfilled = text.value.indexOf("{{", start);
  if (unfilled >= 0) text.setSelectionRange(unfilled, text.value.indexOf("}}", unfilled) + 2);
}

function close() {
  menu.open = false;
  left();
}

function left() {
  typedFrom = null;
  text.removeAttribute("aria-activedescendant");
  text.removeAttribute("aria-controls");
}

function typedWords() {
  const match = TYPED.exec(text.value.slice(0, text.selectionStart));
  return match && form.elements.kind.value === "reply" ? match : null;
}

function offer(event) {
  if (event.isComposing) return;
  const match = typedWords();
  if (!match) {
    if (typedFrom !== null) close();
    return;
  }
  typedFrom = match.index;
  menu.open = true;
  text.setAttribute("aria-controls", "template-list");
  narrow(match[1]);
}

function press(event) {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const inField = typedFrom === null;
  // Tab leaves the field of the menu; an Enter there never sends the answer.
  const takes = event.key === "Enter" || (event.key === "Tab" && !inField);
  if (!step && !takes && event.key !== "Escape") return;
  if (takes && !chosen() && !inField) return;
  event.preventDefault();
  event.stopPropagation();
  if (step) move(step);
  else if (takes && chosen()) insert(chosen());
  else if (event.key === "Escape") {
    close();
    text.focus();
  }
}

if (menu) {
  menu.addEventListener("click", (event) => {
    const template = event.target.closest("[data-template]");
    if (template) event.preventDefault();
    if (template) insert(template);
  });

  menu.addEventListener("input", (event) => {
    event.stopPropagation();
    if (!event.isComposing && event.target === words()) narrow(event.target.value);
  });

  menu.addEventListener("compositionend", (event) => event.target === words() && narrow(event.target.value));

  menu.addEventListener("keydown", (event) => event.target === words() && press(event));

  menu.addEventListener("toggle", () => {
    if (!menu.open) {
      left();
      narrow("");
    } else if (typedFrom === null && words()) {
      words().focus();
      narrow(words().value);
    }
  });

  menu.addEventListener("htmx:afterSettle", () => {
    if (typedFrom === null) words()?.focus();
    narrow(typedFrom === null ? "" : (typedWords()?.[1] ?? ""));
  });

  text.addEventListener("input", offer);
  text.addEventListener("compositionend", offer);
  text.addEventListener("keydown", (event) => typedFrom !== null && press(event));
}
