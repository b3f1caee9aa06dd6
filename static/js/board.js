/* A board whose cards can be dragged from column to column; without a script their buttons do it.

   Hooks:
   data-board-column="status"  a column that takes cards.
   data-board-card             a card with data-board-to="status …", where this person may take it;
                               its own form is sent, or opens where words are needed.
*/

const NEEDS_WORDS = new Set(["rejected", "verified"]);
let dragged = null;

const columnOf = (event) => event.target.closest?.("[data-board-column]");
const takes = (column) =>
  dragged && column && dragged.dataset.boardTo.split(" ").includes(column.dataset.boardColumn);

function mark(column) {
  for (const one of document.querySelectorAll(".board-over")) one.classList.remove("board-over");
  column?.classList.add("board-over");
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-board-card][draggable]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.querySelector("a").href);
});

document.addEventListener("dragover", (event) => {
  const column = columnOf(event);
  if (takes(column)) event.preventDefault();
  mark(takes(column) ? column : null);
});

document.addEventListener("dragend", () => {
  mark(null);
  dragged = null;
});

document.addEventListener("drop", (event) => {
  const column = columnOf(event);
  if (!takes(column)) return;
  event.preventDefault();
  const status = column.dataset.boardColumn;
  const button = dragged.querySelector(`button[name="to"][value="${status}"]`);
  const why = dragged.querySelector('input[name="note"]');
  if (NEEDS_WORDS.has(status) && !why.value) {
    dragged.querySelector("details").open = true;
    why.focus();
    return;
  }
  button.form.requestSubmit(button);
});
