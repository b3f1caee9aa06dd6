/* Forms: sent once, a spinner when it takes long, nothing typed is lost by leaving.

   Hooks (all on <form>):
   data-warn-unsaved   asks before leaving the page while something typed is not sent.
   data-quick-send     Ctrl+Enter or ⌘+Enter in a text sends the form.
   data-auto-submit    a choice in any field sends the form (filters); what is typed does not, as the
                       button that is pressed next would come second.
   Every form: a second submit while the first is under way is ignored; the pressed button gets
   aria-busy after 300 ms. htmx forms too. */

const SPINNER_AFTER = 300;
const waiting = new WeakMap();

function start(form, button) {
  const pressed = button ?? form.querySelector("button[type=submit], button:not([type])");
  form.dataset.sending = "";
  waiting.set(
    form,
    setTimeout(() => pressed?.setAttribute("aria-busy", "true"), SPINNER_AFTER),
  );
}

function stop(form) {
  clearTimeout(waiting.get(form));
  delete form.dataset.sending;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

// In the capture phase: before htmx takes the event.
document.addEventListener(
  "submit",
  (event) => {
    if ("sending" in event.target.dataset) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.target === "_blank") return;
  delete form.dataset.typed;
  const byHtmx = form.matches("[hx-post], [hx-get], [hx-put], [hx-delete], [hx-patch]");
  if (byHtmx || !event.defaultPrevented) start(form, event.submitter);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (!form) return;
  stop(form);
  // Not detail.successful: htmx does not set it when the answer sends us to another page.
  const { status } = event.detail.xhr;
  const refused = status < 200 || status > 299;
  if (refused && form.matches("[data-warn-unsaved]")) form.dataset.typed = "";
});

// Back from the next page: the browser may show this one as it was, spinner and all.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sending]").forEach(stop);
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-warn-unsaved]")) form.dataset.typed = "";
});

document.addEventListener("reset", (event) => delete event.target.dataset.typed);

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-typed]")) event.preventDefault();
});

document.addEventListener("change", (event) => {
  const { form } = event.target;
  if (form?.matches("[data-auto-submit]") && event.target.matches("select, [type=checkbox], [type=radio]"))
    form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.form;
  if (!form?.matches("[data-quick-send]")) return;
  event.preventDefault();
  form.requestSubmit();
});
