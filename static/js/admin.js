/* The admin's search boxes (select2) say which field they are: they only read out their value. */

const name = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels?.[0];
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    const value = box?.querySelector(".select2-selection__rendered");
    if (!label || !value) continue;
    label.id ||= `${select.id}-label`;
    box.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
    value.setAttribute("aria-labelledby", label.id);
  }
};

// After Django's own call of select2, which waits for jQuery's idea of "ready": that may come
// later than the window's "load", and calls are answered in the order in which they were made.
window.django?.jQuery?.(name);
document.addEventListener("formset:added", () => setTimeout(name));
