/* Questions of a page that depend on answers of the same page come and go at once, with their
   choices and rows, and their wording follows. What is decided here is decided again by the server
   (surveys/flow/walk.py).

   Hooks: #flow is the data (surveys/forms/browser.py); [data-q=CODE] is a question, with
   data-mark; [data-c=CODE] a choice or column in it, [data-r=CODE] a row, that come and go; the
   field "asks" of #answers names what is shown (surveys/forms/paging.py: mark_of). The form hears
   "followed" when all of it is done. */

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

function read({ kind, name }, gone) {
  const isThere = (code) => !gone.has(code);
  if (kind === "file") return named(`${name}.file`)[0]?.files?.[0]?.name ?? null;
  if (kind === "rank") {
    const order = places(name).filter(isThere);
    return order.length ? order : null;
  }
  const values = ["single", "multi"].includes(kind) ? given(name).filter(isThere) : given(name);
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

const boxes = new Map(); // by code of the question
const parts = new Map(); // what comes and goes in it
const stands = new Map(); // option → what keeps its place while it is away

for (const { code } of data.questions) {
  const box = form.querySelector(`[data-q="${code}"]`);
  boxes.set(code, box);
  parts.set(code, [...(box?.querySelectorAll("[data-c], [data-r]") ?? [])]);
}

function toggle(node, isThere) {
  if (node.localName === "option") {
    // Some phones show options that are hidden.
    node.hidden = node.disabled = false;
    if (!stands.has(node)) stands.set(node, document.createComment(""));
    const stand = stands.get(node);
    if (isThere && stand.isConnected) stand.replaceWith(node);
    if (!isThere && node.isConnected) node.replaceWith(stand);
    return;
  }
  node.hidden = !isThere;
  for (const control of node.matches("input") ? [node] : node.querySelectorAll("input, select")) {
    control.disabled = control.closest("[data-c][hidden], [data-r][hidden]") !== null;
  }
}

const ALL = { choices: new Set(), rows: new Set(), isEmpty: false };

/* What a question does not offer now: codes of choices (or columns) and of rows that are away. */
function offer({ code, choices, rows, gone, always, places: wanted }, known) {
  if (!choices) return ALL;
  const isOff = ([, tree]) => evaluate(tree, known) !== true;
  const off = (trees) => Object.entries(trees).filter(isOff).map(([one]) => one);
  const away = { c: off(choices), r: off(rows) };
  const box = boxes.get(code);
  for (const node of parts.get(code)) {
    const kind = "c" in node.dataset ? "c" : "r";
    toggle(node, !away[kind].includes(node.dataset[kind]));
  }
  const left = always.choices + Object.keys(choices).length - away.c.length;
  const every = always.rows + Object.keys(rows).length;
  for (const option of box?.querySelectorAll("[data-ranking] option") ?? []) {
    option.hidden = option.disabled = Number(option.value) > Math.min(wanted ?? left, left);
  }
  const offered = { choices: [...gone.choices, ...away.c], rows: [...gone.rows, ...away.r] };
  const missing = [...offered.choices, ...offered.rows].sort();
  if (box) box.dataset.mark = missing.length ? `${code}~${missing}` : code;
  return {
    choices: new Set(offered.choices),
    rows: new Set(offered.rows),
    isEmpty: !left || (every > 0 && every === away.r.length),
  };
}

function show(question, isThere, words) {
  const box = boxes.get(question.code);
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
    const gone = offer(question, known);
    const holds = !("when" in question) || evaluate(question.when, known) === true;
    const isThere = holds && !gone.isEmpty;
    show(question, isThere, words);
    if ("needed" in question) {
      const box = form.querySelector(`[data-q="${question.code}"] .field-optional`);
      if (box) box.hidden = evaluate(question.needed, known) === true;
    }
    if ("value" in question) known[question.code] = isThere ? worked(question, known) : null;
    Object.assign(known, question.given);
    for (const leaf of question.leaves ?? []) {
      const isAway = gone.rows.has(leaf.part) || (question.isShared && gone.choices.has(leaf.part));
      known[leaf.code] = isThere && !isAway ? read(leaf, gone.choices) : null;
      words[leaf.code] = said(known[leaf.code], leaf.labels, data.mark);
    }
    if ("value" in question) words[question.code] = said(known[question.code], {}, data.mark);
  }
  const shown = [...form.querySelectorAll("[data-q]")].filter((box) => !box.hidden);
  form.elements.namedItem("asks").value = shown.map((box) => box.dataset.mark).join(" ");
  form.dispatchEvent(new Event("followed"));
}

form.addEventListener("input", follow);
form.addEventListener("change", follow);
follow();
