/* A ranking whose lines are dragged, or moved by buttons; the places follow. Without a script each
   place is chosen from a list, and still can be.

   Hooks: [data-ranking=PLACES] is the list (PLACES empty: all of them are ranked), with the words
   data-up, data-down, data-take and data-clear; its lines are li with a label and a select. */

const labelOf = (line) => line.querySelector("label").textContent.trim();
const placeOf = (line) => line.querySelector("select");

function make(name, className, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

function button(className, text, label) {
  const made = make("button", className, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  return made;
}

function enhance(list) {
  const { up, down, take, clear, ranking: wanted } = list.dataset;
  const said = make("p", "visually-hidden");
  said.setAttribute("role", "status");
  const all = button("btn btn-quiet", take);
  list.after(all, said);

  const lines = () => [...list.children].filter((line) => !line.hidden);
  const most = () => Math.min(Number(wanted) || Infinity, lines().length);
  const isRanked = () => lines().some((line) => placeOf(line).value);

  function tell() {
    all.textContent = isRanked() ? clear : take;
    for (const line of list.children) line.dataset.place = placeOf(line).value;
    list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* From the top as they stand. */
  function number(count = most()) {
    lines().forEach((line, at) => {
      placeOf(line).value = at < count ? String(at + 1) : "";
    });
    tell();
  }

  function sort() {
    const focus = document.activeElement;
    const rank = (line) => Number(placeOf(line).value) || 1000;
    list.append(...[...list.children].sort((one, other) => rank(one) - rank(other)));
    if (list.contains(focus)) focus.focus();
  }

  function move(line, step, mover) {
    const there = lines();
    const other = there[there.indexOf(line) + step];
    if (!other) return;
    other[step < 0 ? "before" : "after"](line);
    number();
    mover.focus();
    said.textContent = `${labelOf(line)}: ${placeOf(line).value || "–"}`;
  }

  function drag(line, y) {
    for (const other of lines().filter((one) => one !== line)) {
      const { top, height } = other.getBoundingClientRect();
      const isAbove = line.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING;
      if (isAbove && y < top + height / 2) {
        other.before(line);
        return;
      }
      if (!isAbove && y > top + height / 2) other.after(line);
    }
  }

  for (const line of list.children) {
    const label = labelOf(line);
    const grip = make("span", "rank-grip", "⠿");
    grip.setAttribute("aria-hidden", "true");
    const higher = button("rank-move", "↑", `${up}: ${label}`);
    const lower = button("rank-move", "↓", `${down}: ${label}`);
    higher.addEventListener("click", () => move(line, -1, higher));
    lower.addEventListener("click", () => move(line, 1, lower));
    line.prepend(grip);
    line.append(higher, lower);

    grip.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      line.classList.add("is-dragged");
      // A line that changes its place loses the pointer: the document hears it all the same.
      const control = new AbortController();
      const { signal } = control;
      const drop = () => {
        control.abort();
        line.classList.remove("is-dragged");
        number();
      };
      document.addEventListener("pointermove", ({ clientY }) => drag(line, clientY), { signal });
      document.addEventListener("pointerup", drop, { signal });
      document.addEventListener("pointercancel", drop, { signal });
    });
  }

  list.addEventListener("change", ({ target }) => {
    const line = target.closest("li");
    const isTwin = (one) => one !== line && placeOf(one).value === target.value;
    const twin = target.value && lines().find(isTwin);
    if (twin) placeOf(twin).value = line.dataset.place; // they change places
    sort();
    tell();
  });
  all.addEventListener("click", () => number(isRanked() ? 0 : undefined));
  list.closest("form")?.addEventListener("followed", () => {
    // A line that went away leaves no gap.
    const ranked = lines().filter((line) => placeOf(line).value);
    if (ranked.every((line, at) => placeOf(line).value === String(at + 1))) return;
    sort();
    number(ranked.length);
  });

  sort();
  all.textContent = isRanked() ? clear : take;
  for (const line of list.children) line.dataset.place = placeOf(line).value;
}

document.querySelectorAll("[data-ranking]").forEach(enhance);
