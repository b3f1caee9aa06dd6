/* Questions that depend on what is chosen above them come and go while a form is filled in. Which
   they are is decided by the server, by the same rule as when the form is sent without this.

   Hooks:
   data-questions        on the <form>: where to ask which questions belong to it now.
   data-questions-here   in it: holds the questions. */

const known = new WeakMap(); // form → name → what was typed into questions that went since

const here = (form) => form.querySelector("[data-questions-here]");

function typed(form) {
  const values = new Map();
  for (const control of here(form).querySelectorAll("input, select, textarea")) {
    if (!control.name || control.type === "hidden") continue;
    const given = values.get(control.name) ?? [];
    const counts = !["checkbox", "radio"].includes(control.type) || control.checked;
    values.set(control.name, counts && control.value ? [...given, control.value] : given);
  }
  return values;
}

function fillIn(form, values) {
  for (const control of here(form).querySelectorAll("input, select, textarea")) {
    const given = values.get(control.name);
    if (!given) continue;
    if (["checkbox", "radio"].includes(control.type)) control.checked = given.includes(control.value);
    else control.value = given[0] ?? "";
  }
}

const asking = new WeakMap();

async function ask(form) {
  asking.get(form)?.abort();
  const control = new AbortController();
  asking.set(form, control);
  const values = known.get(form) ?? new Map();
  typed(form).forEach((given, name) => values.set(name, given));
  known.set(form, values);
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !values.has(name)) body.append(name, value);
  }
  values.forEach((given, name) => given.forEach((value) => body.append(name, value)));
  try {
    const answer = await fetch(form.dataset.questions, { method: "POST", body, signal: control.signal });
    if (!answer.ok) return;
    const text = await answer.text();
    const now = typed(form); // what was typed while we waited
    const focus = document.activeElement?.id;
    const page = new DOMParser().parseFromString(text, "text/html");
    here(form).replaceChildren(...page.body.childNodes);
    fillIn(form, now);
    if (focus) document.getElementById(focus)?.focus();
  } catch (error) {
    if (error.name !== "AbortError") console.warn(error);
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-questions]") || here(form).contains(event.target)) return;
  if (event.target.matches("select, input[type=radio]")) ask(form);
});
