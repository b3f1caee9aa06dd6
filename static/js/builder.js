/* The builder of surveys: questions are dragged; a form that saved itself is no longer unsaved.

   Hooks:
   data-drag="code"       a question; data-grip inside it is where it is taken.
   data-drop-page="code"  the list of a page that takes questions.
   #drag-move             the form that is sent then (data-url holds CODE for the question).
   data-autosave          a form that saves itself by htmx.
   data-preview           a frame that shows what was saved. */

let dragged = null;

function placeUnder(x, y) {
  const under = document.elementFromPoint(x, y);
  const list = under?.closest("[data-drop-page]") ?? under?.closest(".panel")?.querySelector("[data-drop-page]");
  if (!list) return;
  const card = under.closest("[data-drag]");
  if (card === dragged) return;
  if (!card) {
    if (!list.contains(dragged)) list.append(dragged);
    return;
  }
  const box = card.getBoundingClientRect();
  card[y < box.top + box.height / 2 ? "before" : "after"](dragged);
}

function finish(send) {
  const card = dragged;
  dragged = null;
  delete card.dataset.dragging;
  if (!send) return;
  const form = document.getElementById("drag-move");
  const next = card.nextElementSibling;
  const values = {
    page: card.closest("[data-drop-page]").dataset.dropPage,
    before: next?.dataset.drag ?? "",
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
  };
  window.htmx.ajax("POST", form.dataset.url.replace("CODE", card.dataset.drag), {
    source: "#builder",
    target: "#builder",
    select: "#builder",
    swap: "outerHTML",
    values,
  });
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  dragged = grip.closest("[data-drag]");
  dragged.dataset.dragging = "";
  grip.setPointerCapture(event.pointerId);
});

document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  event.preventDefault();
  placeUnder(event.clientX, event.clientY);
  const edge = 60;
  if (event.clientY < edge) window.scrollBy(0, -12);
  if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
});

document.addEventListener("pointerup", () => dragged && finish(true));
document.addEventListener("pointercancel", () => dragged && finish(true));

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-autosave]");
  if (!form || event.detail.xhr.status !== 200 || event.detail.elt !== form) return;
  delete form.dataset.typed;
  document.querySelectorAll("iframe[data-preview]").forEach((frame) => frame.contentWindow.location.reload());
});
