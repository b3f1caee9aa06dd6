/* Keeps what was typed on an answer page for this tab, so that a reload or a lost connection
   costs nothing. The page works without it.

   Hooks: <form data-keep> is kept; an element with data-answered says that it has been sent;
   [data-slide=ID] slides the number field ID; [data-sum=TOTAL] says how much is shared out so far;
   a checkbox [data-alone] stands by itself; [data-other=ID] is the words of the choice ID. */

const KEY = `answers:${location.pathname.replace(/thanks\/([^/]+\/)?$/, "")}`;
const form = document.querySelector("form[data-keep]");

function typed() {
  const fields = [...new FormData(form)].filter(([name]) => name !== "stamp" && name !== "language");
  return JSON.stringify(fields.filter(([, value]) => value && typeof value === "string"));
}

function fillIn(fields) {
  for (const [name, value] of fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type === "checkbox") field.checked ||= field.value === value;
      else if (field.type === "file" || field.type === "hidden") continue;
      else if (!field.value) field.value = value;
    }
  }
}

try {
  if (document.querySelector("[data-answered]")) sessionStorage.removeItem(KEY);
  if (form) {
    // What the page came with (a star from the mail, answers sent back) is newer.
    const fresh = JSON.parse(typed());
    fillIn(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));
    fillIn(fresh);
    form.addEventListener("input", () => sessionStorage.setItem(KEY, typed()));
  }
} catch {
  // No storage here (private window, blocked): the form works as it is.
}

for (const range of document.querySelectorAll("[data-slide]")) {
  const field = document.getElementById(range.dataset.slide);
  const follow = () => {
    range.value = field.value === "" ? (Number(range.min) + Number(range.max)) / 2 : field.value;
  };
  range.hidden = false;
  follow();
  field.addEventListener("input", follow);
  range.addEventListener("input", () => {
    field.value = range.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

for (const list of document.querySelectorAll("[data-sum]")) {
  const said = list.querySelector("[data-sum-so-far]");
  const add = () => {
    const numbers = [...list.querySelectorAll("input")].map((field) => Number(field.value) || 0);
    const sum = numbers.reduce((one, other) => one + other, 0);
    said.textContent = sum ? String(sum) : "";
    said.classList.toggle("is-right", sum === Number(list.dataset.sum));
  };
  add();
  list.addEventListener("input", add);
}

form?.addEventListener("change", ({ target }) => {
  if (target.type !== "checkbox" || !target.checked) return;
  // One that stands by itself takes the others away, and the others take it.
  for (const box of form.querySelectorAll(`[type=checkbox][name="${CSS.escape(target.name)}"]`)) {
    if (box !== target && (target.hasAttribute("data-alone") || box.hasAttribute("data-alone"))) {
      box.checked = false;
    }
  }
});

form?.addEventListener("input", ({ target }) => {
  const choice = target.dataset.other && document.getElementById(target.dataset.other);
  if (choice && target.value) choice.checked = true;
});
