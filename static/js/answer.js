/* Keeps what was typed on an answer page for this tab, so that a reload or a lost connection
   costs nothing. The page works without it.

   Hooks: <form data-keep> is kept; an element with data-answered says that it has been sent. */

const KEY = `answers:${location.pathname.replace(/thanks\/([^/]+\/)?$/, "")}`;
const form = document.querySelector("form[data-keep]");

function typed() {
  const fields = [...new FormData(form)].filter(([name]) => name !== "stamp" && name !== "language");
  return JSON.stringify(fields.filter(([, value]) => value));
}

function fillIn(fields) {
  for (const [name, value] of fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
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
