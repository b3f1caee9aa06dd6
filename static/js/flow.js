/* Questions of a page that depend on answers of the same page come and go at once, and their
   wording follows. What is decided here is decided again by the server (surveys/flow/walk.py).

   Hooks: #flow is the data (surveys/forms/browser.py); [data-q=CODE] is a question, with
   data-mark; the field "asks" of #answers names those that are shown. */

import { evaluate, fill, said } from "./logic.js";

const data = JSON.parse(document.getElementById("flow").textContent);
const form = document.getElementById("answers");
const named = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

function given(name) {
  return named(name)
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
    .map((field) => field.value.trim())
    .filter(Boolean);
}

function places(name) {
  const start = `${name}.`;
  return [...form.querySelectorAll(`[name^="${CSS.escape(start)}"]`)]
    .filter((field) => field.value)
    .sort((one, other) => one.value - other.value)
    .map((field) => field.name.slice(start.length));
}

function read({ kind, name }) {
  const values = given(name);
  if (kind === "file") return named(`${name}.file`)[0]?.files?.[0]?.name ?? null;
  if (kind === "rank") return places(name).length ? places(name) : null;
  if (!values.length) return null;
  if (kind === "multi") return values;
  if (kind !== "number") return values[0];
  const number = Number(values[0].replace(",", "."));
  return Number.isFinite(number) ? number : null;
}

function worked(question, known) {
  const value = evaluate(question.value, known);
  return typeof value === "boolean" ? Number(value) : value;
}

function show(question, isThere, words) {
  const box = form.querySelector(`[data-q="${question.code}"]`);
  if (!box) return;
  box.hidden = !isThere;
  const title = box.querySelector("legend, .ask-label, .ask-words p");
  if (question.text && title) title.firstChild.data = `${fill(question.text, words)} `;
  const hint = document.getElementById(`q-${question.code}-hint`);
  if (question.hint && hint) hint.textContent = fill(question.hint, words);
}

function follow() {
  const known = { ...data.known };
  const words = { ...data.words };
  for (const question of data.questions) {
    const isThere = !("when" in question) || evaluate(question.when, known) === true;
    show(question, isThere, words);
    if ("needed" in question) {
      const box = form.querySelector(`[data-q="${question.code}"] .field-optional`);
      if (box) box.hidden = evaluate(question.needed, known) === true;
    }
    if ("value" in question) known[question.code] = isThere ? worked(question, known) : null;
    Object.assign(known, question.given);
    for (const leaf of question.leaves ?? []) {
      known[leaf.code] = isThere ? read(leaf) : null;
      words[leaf.code] = said(known[leaf.code], leaf.labels, data.mark);
    }
    if ("value" in question) words[question.code] = said(known[question.code], {}, data.mark);
  }
  const shown = [...form.querySelectorAll("[data-q]")].filter((box) => !box.hidden);
  form.elements.namedItem("asks").value = shown.map((box) => box.dataset.mark).join(" ");
}

form.addEventListener("input", follow);
form.addEventListener("change", follow);
follow();
