/* Native <dialog class="dialog" id="x">.

   Hooks:
   data-opens="x"  on a button: opens the dialog with that id.
   data-closes     on a button inside a dialog: closes it.
   A click beside the dialog and Esc close it too. */

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    document.getElementById("sidebar")?.hidePopover?.();
    openDialog(opener.dataset.opens);
    return;
  }
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  if (event.target.closest("[data-closes]")) dialog.close();
  if (event.target === dialog && !insideBox(dialog, event)) dialog.close();
});

function insideBox(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return (
    event.clientX >= box.left &&
    event.clientX <= box.right &&
    event.clientY >= box.top &&
    event.clientY <= box.bottom
  );
}
