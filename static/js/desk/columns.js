/* Columns put in order: by dragging, or by the two buttons of each. Without this script the
   buttons send the form.

   Hooks:
   data-columns            the list; data-words-moved is said when something moved.
   data-column             one of its items; may be dragged.
   data-column-move="up"   a button in it ("up" or "down").
   data-columns-said       is told what happened, for those who do not see it. */

let dragged = null;

function say(list, item) {
  const said = list.parentElement.querySelector("[data-columns-said]");
  const place = [...list.children].indexOf(item) + 1;
  const label = item.querySelector("label").textContent.trim();
  if (said) said.textContent = `${label}: ${place} / ${list.children.length}`;
  item.querySelector("input")?.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-column-move]");
  if (!button) return;
  event.preventDefault();
  const item = button.closest("[data-column]");
  const list = item.parentElement;
  if (button.dataset.columnMove === "up") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  button.focus();
  say(list, item);
});

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-column]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  dragged.dataset.dragged = "";
});

document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest("[data-column]");
  if (!over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (over === dragged) return;
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(dragged);
  else over.after(dragged);
});

document.addEventListener("drop", (event) => dragged && event.preventDefault());

document.addEventListener("dragend", () => {
  if (!dragged) return;
  delete dragged.dataset.dragged;
  say(dragged.parentElement, dragged);
  dragged = null;
});
