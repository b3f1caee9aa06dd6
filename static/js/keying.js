/* Keying in forms of paper: Enter goes to the next field, and what is keyed shows what it means.
   Without this Tab does the same.

   Hooks: <form data-keying>; [data-key=N] beside a field is the meaning of N in its question. */

const form = document.querySelector("form[data-keying]");

const fields = () => [...form.querySelectorAll("input:not([type=hidden]), select, textarea")];

function onEnter(event) {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (!event.target.matches("input, select")) return;
  event.preventDefault();
  const all = fields();
  const next = all[all.indexOf(event.target) + 1];
  if (next) {
    next.focus();
    next.select?.();
  } else {
    form.querySelector("[type=submit]").focus();
  }
}

function show(event) {
  const field = event.target;
  const question = field.closest("fieldset");
  if (!question) return;
  const few = question.querySelectorAll("[data-key]").length <= 9;
  const typed = field.value.toLowerCase();
  const chosen = new Set(few ? typed : typed.split(/[\s,;、，；/+]+/));
  for (const one of question.querySelectorAll("[data-key]")) {
    one.classList.toggle("is-chosen", chosen.has(one.dataset.key));
  }
}

if (form) {
  form.addEventListener("keydown", onEnter);
  form.addEventListener("input", show);
  form.addEventListener("focusin", show);
  form.querySelector("[aria-invalid]")?.focus();
}
