/* Shows a survey in a page of another site: where this script stands, or in a corner: after a while
   (data-delay in seconds, for data-percent of the visitors), or when something is pressed
   (data-trigger, a selector). No cookie; a pop-up that came by itself and was answered or closed
   does not come again in this browser for 90 days.

   <script src="…/a/embed.js" data-survey="https://…/a/c/…/" async></script> */

(() => {
  const script = document.currentScript;
  const { survey, delay, percent = 100, trigger, close, title } = script.dataset;
  const { origin, pathname } = new URL(survey);
  const SEEN = `survey:${pathname}`;
  const PAUSE = 90 * 864e5;

  const frame = document.createElement("iframe");
  frame.src = survey;
  frame.title = title || "Survey";
  Object.assign(frame.style, { border: 0, width: "100%", height: "480px", display: "block" });

  let box = null;
  let before = null;

  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    const { surveyHeight, surveyAnswered, surveyClose } = Object(event.data);
    if (surveyHeight > 0) frame.style.height = `${Math.min(surveyHeight, 20000)}px`;
    if (box && surveyAnswered === true) remember();
    if (box && surveyClose === true) away();
  });

  if (delay === undefined && !trigger) {
    script.after(frame);
    return;
  }

  function wasSeen() {
    try {
      return Date.now() - Number(localStorage.getItem(SEEN)) < PAUSE;
    } catch {
      return false;
    }
  }

  function remember() {
    try {
      localStorage.setItem(SEEN, String(Date.now()));
    } catch {
      // No storage: it may come again.
    }
  }

  function away() {
    remember();
    // The body has it while it goes over into the frame.
    const here = document.activeElement;
    const wasInside = box.contains(here) || here === document.body;
    box.remove();
    box = null;
    if (wasInside && before?.isConnected) before.focus();
  }

  function styled(name, style) {
    const element = document.createElement(name);
    Object.assign(element.style, style);
    return element;
  }

  function open() {
    if (box) return;
    before = document.activeElement;
    box = styled("div", {
      position: "fixed",
      insetInlineEnd: "1rem",
      bottom: "1rem",
      zIndex: 2147483000,
      width: "min(26rem, calc(100vw - 2rem))",
      maxHeight: "80vh",
      overflow: "auto",
      background: "Canvas",
      color: "CanvasText",
      borderRadius: "12px",
      boxShadow: "0 8px 32px rgb(0 0 0 / 30%)",
    });
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", frame.title);
    const button = styled("button", { minHeight: "44px", padding: "0 1rem", font: "inherit" });
    button.type = "button";
    button.textContent = `× ${close || "Close"}`;
    button.addEventListener("click", away);
    box.append(button, frame);
    document.body.append(box);
    return button;
  }

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    if (box) away();
  });

  // Whoever asked for it is led there; whoever is doing something else goes on doing it.
  if (trigger) {
    addEventListener("click", ({ target }) => target.closest?.(trigger) && open()?.focus());
  }
  if (delay !== undefined && !wasSeen() && Math.random() * 100 < percent) {
    setTimeout(open, delay * 1000);
  }
})();
