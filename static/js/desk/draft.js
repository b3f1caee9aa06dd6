/* The text in the editor, kept on the server while one types: it is there on another device.

   Hooks on the composer's form:
   data-draft-url, data-files-url   where text and files are kept.
   data-draft-version               of the draft that the page began with; 0 = none.
   data-saved                       says that it was saved (data-words) or not (data-failed).
   data-other                       shown when another window changed the same text, with
   data-other-text, data-keep-mine, data-take-other.
   data-without-script              what nobody needs who has this script. */

import { csrfToken } from "../csrf.js";

const IDLE = 2000;
const form = document.getElementById("composer");
const text = form?.elements.text;
let version = Number(form?.dataset.draftVersion ?? 0);
let saved = text?.value ?? "";
let savedKind = form?.elements.kind?.value;
let timer;
let sending = null;
let held = false;

export const draftVersion = () => version;

function say(words) {
  const place = form.querySelector("[data-saved]");
  if (place) place.textContent = words ? place.dataset[words] : "";
}

async function save() {
  clearTimeout(timer);
  if (held || sending || form.dataset.gone === "yes") return;
  const [typed, kind] = [text.value, form.elements.kind.value];
  if (typed === saved && (kind === savedKind || !typed.trim())) return;
  sending = new AbortController();
  const body = new URLSearchParams({ text: typed, kind, version });
  try {
    const response = await fetch(form.dataset.draftUrl, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": csrfToken() },
      signal: sending.signal,
      keepalive: body.toString().length < 60000,
    });
    sending = null;
    if (response.status === 409) {
      const other = await response.json();
      version = other.version;
      showOther(other.text);
    } else if (response.ok && !response.redirected) {
      ({ version } = await response.json());
      [saved, savedKind] = [typed, kind];
      say(version ? "words" : "");
      if (text.value === typed) form.dispatchEvent(new Event("draft:saved"));
      else saveSoon();
    } else {
      say("failed");
    }
  } catch {
    // No network, or sent meanwhile: the browser's own copy stays.
    sending = null;
    say("failed");
  }
}

export function saveSoon() {
  clearTimeout(timer);
  if (form?.dataset.draftUrl) timer = setTimeout(save, IDLE);
}

export function stopSaving() {
  clearTimeout(timer);
  held = true;
  sending?.abort();
}

/* Another window has another text: both are shown, one is chosen. */
export function showOther(theirs) {
  if (theirs === text.value) {
    saved = theirs;
    return;
  }
  const notice = form.querySelector("[data-other]");
  const quote = notice.querySelector("[data-other-text]");
  quote.textContent = theirs || quote.dataset.empty;
  notice.hidden = false;
  held = true;
  notice.querySelector("[data-keep-mine]").onclick = () => {
    notice.hidden = true;
    held = false;
    saved = theirs;
    save();
    text.focus();
  };
  notice.querySelector("[data-take-other]").onclick = () => {
    notice.hidden = true;
    held = false;
    text.value = saved = theirs;
    form.dispatchEvent(new Event("draft:saved"));
    text.focus();
  };
}

let uploading = null;

/* Chosen files go to the draft at once; true when they are there. Sending waits for them. */
export function keepFiles(input) {
  uploading = upload(input).finally(() => {
    uploading = null;
  });
  return uploading;
}

async function upload(input) {
  if (!form.dataset.filesUrl || !input.files.length) return false;
  const body = new FormData();
  for (const file of input.files) body.append("files", file);
  form.querySelectorAll("#composer-kept [name=again]:not(:checked)").forEach((box) => body.append("without", box.value));
  try {
    const response = await fetch(form.dataset.filesUrl, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": csrfToken() },
    });
    if (response.redirected || ![200, 422].includes(response.status)) return false;
    const fragment = new DOMParser().parseFromString(await response.text(), "text/html");
    const list = fragment.getElementById("composer-kept");
    if (!list) return false;
    document.getElementById("composer-kept").replaceWith(list);
    if (list.dataset.version) version = Number(list.dataset.version);
    if (response.ok) input.value = "";
    return response.ok;
  } catch {
    return false;
  }
}

if (form) {
  form.querySelectorAll("[data-without-script]").forEach((one) => one.remove());
  form.addEventListener("htmx:confirm", (event) => {
    if (!uploading || event.detail.elt !== form) return;
    event.preventDefault();
    uploading.then(() => event.detail.issueRequest(true));
  });
  window.addEventListener("pagehide", save);
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  form.addEventListener("change", (event) => event.target.name === "kind" && saveSoon());
}
