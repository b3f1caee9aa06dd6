/* Keeps what was typed on an answer page for this tab, so that a reload or a lost connection
   costs nothing. The page works without it.

   Hooks: <form data-keep> is kept (data-begun says that the server has what was sent; with
   data-keeps-on-leaving it gets the rest when the window closes), data-first is where it begins;
   an element with data-answered says that it has been sent; [data-offline] that there is no
   connection, while #answers waits for one. */

const form = document.querySelector("form[data-keep]");
const KEY = `answers:${location.pathname}#${form?.elements.namedItem("page")?.value ?? ""}`;

function typed() {
  const isSeen = ([name]) => form.elements.namedItem(name)?.type !== "hidden";
  const fields = [...new FormData(form)].filter(isSeen);
  return JSON.stringify(fields.filter(([, value]) => value && typeof value === "string"));
}

const isTyped = (field) =>
  field.name && !["file", "hidden", "submit", "button"].includes(field.type);

/* What the page came with, whatever the browser has put back since: as typed() gives it. */
function served() {
  const found = [];
  for (const field of [...form.elements].filter(isTyped)) {
    const isBox = ["radio", "checkbox"].includes(field.type);
    const of = field.options ? [...field.options].find((one) => one.defaultSelected) : field;
    const given = isBox ? field.defaultChecked && field.value : field.defaultValue;
    const value = field.options ? of?.value : given;
    if (value) found.push([field.name, value]);
  }
  return JSON.stringify(found);
}

/* As it was: what was emptied is empty again. */
function putBack(fields) {
  for (const field of [...form.elements].filter(isTyped)) {
    const given = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["radio", "checkbox"].includes(field.type)) field.checked = given.includes(field.value);
    else field.value = given[0] ?? "";
  }
}

/* Where nothing stands yet. */
function fillIn(fields) {
  for (const [name, value] of fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type === "checkbox") field.checked ||= field.value === value;
      else if (isTyped(field) && !field.value) field.value = value;
    }
  }
}

function keep() {
  if (document.querySelector("[data-answered]")) {
    for (const key of Object.keys(sessionStorage)) {
      if (/^(answers|begun):/.test(key)) sessionStorage.removeItem(key);
    }
  }
  if (!form) return;
  const began = `begun:${form.dataset.first}`;
  if ("begun" in form.dataset) {
    // The server has it all; "back" to the first page leads here and not to an empty one.
    if (location.pathname !== form.dataset.first) sessionStorage.setItem(began, location.pathname);
  } else if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
    const begun = sessionStorage.getItem(began);
    const { value } = form.elements.namedItem("page");
    if (begun) location.replace(`${begun}?p=${encodeURIComponent(value)}`);
  }
  const came = served();
  const { from, fields = [] } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  if (from === came) {
    putBack(fields); // the page came as it did before anybody typed into it
  } else {
    // What the page came with (a star from the mail, answers sent back) is newer.
    fillIn(fields);
    fillIn(JSON.parse(came));
  }
  form.addEventListener("input", () => {
    isTouched = true;
    const now = { from: came, fields: JSON.parse(typed()) };
    sessionStorage.setItem(KEY, JSON.stringify(now));
  });
}

let isTouched = false; // in this tab, since the page came
let isSent = false;

try {
  keep();
} catch {
  // No storage here (private window, blocked): the form works as it is.
}

const asks = document.getElementById("answers");
const offline = document.querySelector("[data-offline]");

asks?.addEventListener("submit", (event) => {
  isSent = true;
  // Some browsers take a network for none: who presses again is let through.
  if (navigator.onLine || !offline?.hidden) return;
  event.preventDefault();
  isSent = false;
  offline.hidden = false;
  const { submitter } = event;
  addEventListener("online", () => asks.requestSubmit(submitter), { once: true });
});

addEventListener("pageshow", () => {
  isSent = false; // back again
});

/* A window that closes, or a phone that is put away: what was begun on the server takes along what
   stands on this page. */
function leave() {
  if (!isTouched || isSent || !("keepsOnLeaving" in form.dataset)) return;
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
  body.append("go", "keep");
  if (navigator.sendBeacon(form.action, body)) isTouched = false;
}

addEventListener("pagehide", leave);
addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
