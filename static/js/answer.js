/* Keeps what was typed on an answer page for this tab, so that a reload or a lost connection
   costs nothing. The page works without it.

   Hooks: <form data-keep> is kept (data-begun says that the server has what was sent; with
   data-keeps-on-leaving it gets the rest when the window closes), data-first is where it begins;
   [data-offline] says that there is no connection; #answers[data-idle=URL] is emptied when nobody has touched it
   for long, or goes there if it has data-leaves (what was sent is not emptied by a reset); an
   element with data-answered says that it has been sent;
   [data-slide=ID] slides the number field ID, and shows [data-unset] beside it until it was moved
   and [data-clear] from then on; [data-sum=TOTAL] says how much is shared out so far;
   [data-onward=URL] leads there after data-seconds unless its [data-stay] is pressed;
   a checkbox [data-alone] stands by itself; [data-other=ID] is the words of the choice ID. */

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
    const value = field.options ? of?.value : isBox ? field.defaultChecked && field.value : field.defaultValue;
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

/* Somewhere else, as soon as there is a way: a kiosk must not end on the browser's own page. */
function goOn(url) {
  if (navigator.onLine) location.replace(url);
  else addEventListener("online", () => location.replace(url), { once: true });
}

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

for (const range of document.querySelectorAll("[data-slide]")) {
  const field = document.getElementById(range.dataset.slide);
  const unset = range.parentElement.querySelector("[data-unset]");
  const clear = range.parentElement.querySelector("[data-clear]");
  const follow = () => {
    const isUnset = field.value === "";
    range.value = isUnset ? (Number(range.min) + Number(range.max)) / 2 : field.value;
    range.classList.toggle("is-unset", isUnset);
    range.setAttribute("aria-valuetext", isUnset ? unset.textContent : field.value);
    unset.hidden = !isUnset;
    clear.hidden = isUnset;
  };
  const give = (value) => {
    field.value = value;
    follow();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  range.hidden = false;
  range.setAttribute("aria-label", document.querySelector(`[for="${field.id}"]`).firstChild.data.trim());
  follow();
  field.addEventListener("input", follow);
  range.addEventListener("input", () => give(range.value));
  range.addEventListener("click", () => field.value || give(range.value)); // where it stood
  range.addEventListener("keydown", (event) => {
    if (["Delete", "Backspace"].includes(event.key)) give("");
    if (event.key !== " ") return;
    event.preventDefault();
    give(range.value);
  });
  clear.addEventListener("click", () => {
    give("");
    range.focus();
  });
}

for (const list of document.querySelectorAll("[data-sum]")) {
  const said = list.querySelector("[data-sum-so-far]");
  const add = () => {
    const fields = [...list.querySelectorAll("input:enabled")];
    const numbers = fields.map((field) => Number(field.value) || 0);
    const sum = numbers.reduce((one, other) => one + other, 0);
    said.textContent = sum ? String(sum) : "";
    said.classList.toggle("is-right", sum === Number(list.dataset.sum));
  };
  add();
  list.addEventListener("input", add);
  list.closest("form")?.addEventListener("followed", add); // by flow.js
}

const IDLE = 120_000;

if (asks?.dataset.idle) {
  let timer = 0;
  const startAnew = () => {
    if ("leaves" in asks.dataset) {
      goOn(asks.dataset.idle);
      return;
    }
    asks.reset();
    for (const field of asks.elements) {
      // What follows a field (questions, sums, sliders) follows it back; a slider leads its own.
      if (!("slide" in field.dataset)) field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    scrollTo(0, 0);
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(startAnew, IDLE);
  };
  for (const kind of ["input", "pointerdown", "keydown"]) document.addEventListener(kind, wait);
  wait();
}

asks?.addEventListener("keydown", (event) => {
  // The first button of the form is the one of the language.
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  event.preventDefault();
  asks.requestSubmit(asks.querySelector("[data-on]"));
});

asks?.addEventListener("change", ({ target }) => {
  if (target.type !== "checkbox" || !target.checked) return;
  // One that stands by itself takes the others away, and the others take it.
  for (const box of asks.querySelectorAll(`[type=checkbox][name="${CSS.escape(target.name)}"]`)) {
    if (box !== target && (target.hasAttribute("data-alone") || box.hasAttribute("data-alone"))) {
      box.checked = false;
    }
  }
});

asks?.addEventListener("input", ({ target }) => {
  const choice = target.dataset.other && document.getElementById(target.dataset.other);
  if (choice && target.value) choice.checked = true;
});

// The thanks lead on by themselves after a while, unless somebody wants to stay.
const onward = document.querySelector("[data-onward]");

if (onward && window.parent === window) {
  onward.hidden = false;
  const timer = setTimeout(() => goOn(onward.dataset.onward), onward.dataset.seconds * 1000);
  onward.querySelector("[data-stay]").addEventListener("click", () => {
    clearTimeout(timer);
    onward.remove();
  });
}

// In a page of another site: how high we are, to the sites that may show us and to no other.
const sites = document.querySelector("[data-sites]")?.dataset.sites.split(" ") ?? [];

if (sites.length && window.parent !== window) {
  const surveyAnswered = document.querySelector("[data-answered]") !== null;
  const tell = () => {
    const surveyHeight = Math.ceil(document.body.getBoundingClientRect().height);
    say({ surveyHeight, surveyAnswered });
  };
  const say = (what) => sites.forEach((site) => window.parent.postMessage(what, site));
  document.documentElement.classList.add("is-framed"); // as high as what it holds, and no higher
  document.addEventListener("keydown", (event) => {
    // A list that is open closes by itself; the page around us hears nothing of our keys.
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    say({ surveyClose: true });
  });
  new ResizeObserver(tell).observe(document.body);
  tell();
}
