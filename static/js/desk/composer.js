/* Where staff write: nothing typed is ever lost.

   The text is copied into localStorage while one types, under the person and the record, and
   comes back when the page does: after a crash, a lost network, an ended session (sign in again,
   come back). It is removed once it was sent or discarded, after seven days, and on signing out.
   A text that the server gives (an answer taken back, a refusal without a script) comes first.

   Hooks:
   data-draft="7:1042"   on the form: whose text about which record.
   data-given            on the textarea: its text comes from the server.
   data-restored         shown when the text came back; data-discard inside it throws it away.
   data-unfilled         shown while {{ … }} stands in an answer.
   data-file-words       becomes the names of the chosen files.
   Ctrl+Enter or ⌘+Enter presses the visible main button. */

const PREFIX = "huiyin.draft.";
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const SAVE_AFTER = 400;
const UNFILLED = /\{\{[^{}\n]{0,80}\}\}/;

const form = document.getElementById("composer");
const text = form?.elements.text;

const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      /* Full or forbidden: then the page itself is the only copy. */
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      /* Nothing was stored either. */
    }
  },
};

export function isNote() {
  return form?.elements.kind.value === "note";
}

function forgetOld(all = false) {
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return;
  }
  keys.forEach((key) => {
    if (all || Date.now() - (store.read(key)?.at ?? 0) > KEPT_FOR) store.remove(key);
  });
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
    if (text.value.trim()) store.write(key, { text: text.value, kind: form.elements.kind.value, at: Date.now() });
    else store.remove(key);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER);
    showUnfilled();
  });
  window.addEventListener("pagehide", () => form.dataset.gone !== "yes" && save());
  form.addEventListener("htmx:afterRequest", (event) => {
    // Not detail.successful: htmx does not set it when the answer sends us to another page.
    const status = event.detail.xhr.status;
    if (event.detail.elt !== form || status < 200 || status > 299) return;
    clearTimeout(timer);
    form.dataset.gone = "yes";
    store.remove(key);
  });
}

function restore(key) {
  const kept = store.read(key);
  if (!kept?.text || "given" in text.dataset || text.value.trim()) return;
  text.value = kept.text;
  const kind = [...form.elements.kind].find?.((radio) => radio.value === kept.kind && !radio.disabled);
  if (kind) kind.checked = true;
  const note = form.querySelector("[data-restored]");
  note.hidden = false;
  note.querySelector("[data-discard]").addEventListener("click", () => {
    text.value = "";
    store.remove(key);
    note.hidden = true;
    text.focus();
  });
}

function nameFiles() {
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
