/* Where staff write: nothing typed is ever lost.

   The text is copied into localStorage while one types, under the person and the record, and
   comes back when the page does: after a crash, a lost network, an ended session (sign in again,
   come back). It is removed once it was sent or discarded, after seven days, and on signing out.
   The server keeps it too (draft.js), for other devices; a copy here that the server has not
   seen comes first. A text that was refused without a script comes before both.

   Hooks:
   data-draft="7:1042"   on the form: whose text about which record.
   data-given            on the textarea: its text was refused and comes back as it was typed.
   data-restored         shown when the text came back; data-discard inside it throws it away.
   data-unfilled         shown while {{ … }} stands in an answer.
   data-file-words       becomes the names of the chosen files.
   Ctrl+Enter or ⌘+Enter presses the visible main button. */

import { PREFIX, forgetOld, store } from "./browser_copy.js";
import { draftVersion, keepFiles, saveSoon, showOther, stopSaving } from "./draft.js";

const UNFILLED = /\{\{[^{}\n]{0,80}\}\}/;

const SAVE_AFTER = 400;

const form = document.getElementById("composer");
const text = form?.elements.text;

export function isNote() {
  return form?.elements.kind.value === "note";
}

function mainButton() {
  return form.querySelector(isNote() ? "button.btn-note" : ".composer-send .btn-primary");
}

function showUnfilled() {
  form.querySelector("[data-unfilled]").hidden = isNote() || !UNFILLED.test(text.value);
}

function keepText(key) {
  let timer;
  const save = () => {
    clearTimeout(timer);
    // An emptied editor is remembered until the server has forgotten its copy, too.
    if (text.value.trim() || draftVersion()) store.write(key, { text: text.value, kind: form.elements.kind.value, at: Date.now(), version: draftVersion() });
    else store.remove(key);
  };
  // The server has it: from now on its copy counts.
  form.addEventListener("draft:saved", () => store.remove(key));
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER);
    saveSoon();
    showUnfilled();
  });
  window.addEventListener("pagehide", () => form.dataset.gone !== "yes" && save());
  form.addEventListener("htmx:afterRequest", (event) => {
    // Not detail.successful: htmx does not set it when the answer sends us to another page.
    const status = event.detail.xhr.status;
    if (event.detail.elt !== form || status < 200 || status > 299) return;
    clearTimeout(timer);
    stopSaving();
    form.dataset.gone = "yes";
    store.remove(key);
  });
}

function restore(key) {
  const kept = store.read(key);
  const drafted = text.value;
  if ("given" in text.dataset) return;
  if (kept && kept.text !== drafted) {
    text.value = kept.text;
    const kind = [...form.elements.kind].find?.((radio) => radio.value === kept.kind && !radio.disabled);
    if (kind) kind.checked = true;
    // Gone on with after the server's copy; else both were changed.
    if ((kept.version ?? 0) === draftVersion() || kept.text.startsWith(drafted)) saveSoon();
    else showOther(drafted);
  }
  const note = form.querySelector("[data-restored]");
  note.hidden = !text.value.trim();
  note.querySelector("[data-discard]").addEventListener("click", () => {
    text.value = "";
    note.hidden = true;
    form.dispatchEvent(new Event("input"));
    text.focus();
  });
}

async function nameFiles() {
  if (await keepFiles(form.elements.files)) return;
  const words = form.querySelector("[data-file-words]");
  const names = [...form.elements.files.files].map((file) => file.name);
  words.textContent = names.length ? names.join(", ") : words.dataset.fileWords;
}

function start() {
  const key = PREFIX + form.dataset.draft;
  forgetOld();
  restore(key);
  keepText(key);
  showUnfilled();
  form.elements.files.addEventListener("change", nameFiles);
  form.querySelectorAll(".composer-kinds label").forEach((label) =>
    label.addEventListener("click", () => {
      // At once, so that what is typed after "r" is text; and again, because a mouse gives the
      // focus to the radio button afterwards.
      text.focus();
      setTimeout(() => {
        text.focus();
        showUnfilled();
      });
    }),
  );
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    // A click and not requestSubmit(): htmx notices which button it was by the click.
    mainButton()?.click();
  });
}

if (form) start();

document.addEventListener("submit", (event) => {
  if (event.target.action?.endsWith("/logout/")) forgetOld(true);
});
