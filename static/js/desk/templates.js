/* Reply templates: chosen from the menu, or by typing :: and a piece of the name.

   Hooks:
   details[data-templates]   the menu; its body is fetched when it opens.
   data-template="7"         one template (a link that works without this script), with
   data-name                 … what it is found by, and
   data-template-text        … the text as it reads for this customer.
   data-template-words       the field that narrows the list; Enter takes the first. */

const form = document.getElementById("composer");
const text = form?.elements.text;
const menu = form?.querySelector("[data-templates]");
const TYPED = /::([^\s:]{0,30})$/;
// From where to where the text is replaced when :: called the menu.
let typedFrom = null;

const offered = () => [...(menu?.querySelectorAll("[data-template]") ?? [])];
const shown = () => offered().filter((one) => !one.hidden);

// The first name is the shortcut: what begins like the typed letters is taken before the rest.
const best = () => shown().find((one) => "best" in one.dataset) ?? shown()[0];

function narrow(words) {
  const wanted = words.trim().toLowerCase();
  offered().forEach((one) => {
    const name = one.dataset.name.toLowerCase();
    one.hidden = !name.includes(wanted);
    delete one.dataset.best;
  });
  const first = shown().find((one) => one.dataset.name.toLowerCase().startsWith(wanted)) ?? shown()[0];
  if (wanted && first) first.dataset.best = "";
}

function insert(template) {
  const words = template.querySelector("[data-template-text]").textContent;
  const start = typedFrom ?? text.selectionStart;
  const end = typedFrom === null ? text.selectionEnd : text.selectionStart;
  text.setRangeText(words, start, end, "end");
  const used = document.createElement("input");
  Object.assign(used, { type: "hidden", name: "template", value: template.dataset.template });
  form.append(used);
  typedFrom = null;
  menu.open = false;
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
  const unfilled = text.value.indexOf("{{", start);
  if (unfilled >= 0) text.setSelectionRange(unfilled, text.value.indexOf("}}", unfilled) + 2);
}

function typedWords() {
  const match = TYPED.exec(text.value.slice(0, text.selectionStart));
  return match && form.elements.kind.value === "reply" ? match : null;
}

if (menu) {
  menu.addEventListener("click", (event) => {
    const template = event.target.closest("[data-template]");
    if (!template) return;
    event.preventDefault();
    insert(template);
  });

  menu.addEventListener("input", (event) => {
    event.stopPropagation();
    if (event.target.matches("[data-template-words]")) narrow(event.target.value);
  });

  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (!event.target.matches("[data-template-words]")) return;
    event.preventDefault();
    const first = best();
    if (first) insert(first);
  });

  menu.addEventListener("toggle", () => {
    if (!menu.open) {
      typedFrom = null;
      narrow("");
    } else if (typedFrom === null) {
      menu.querySelector("[data-template-words]")?.focus();
    }
  });

  menu.addEventListener("htmx:afterSettle", () => {
    if (typedFrom === null) menu.querySelector("[data-template-words]")?.focus();
    else narrow(typedWords()?.[1] ?? "");
  });

  text.addEventListener("input", () => {
    const match = typedWords();
    if (!match) {
      if (typedFrom !== null) menu.open = false;
      return;
    }
    typedFrom = match.index;
    menu.open = true;
    narrow(match[1]);
  });

  text.addEventListener("keydown", (event) => {
    if (typedFrom === null || event.isComposing) return;
    if (event.key === "Escape") {
      menu.open = false;
      event.stopPropagation();
    }
    if (event.key === "Enter" || event.key === "Tab") {
      const first = best();
      if (!first) return;
      event.preventDefault();
      insert(first);
    }
    if (event.key === "ArrowDown") {
      event.preventDefault();
      shown()[0]?.focus();
    }
  });
}
