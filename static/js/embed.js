/* Shows a survey in a page of another site: where this script stands, or in a corner after a while
   (data-delay in seconds, for data-percent of the visitors). No cookie; a pop-up that was answered
   or closed does not come again in this browser for 90 days.

   <script src="…/a/embed.js" data-survey="https://…/a/c/…/" async></script> */

(() => {
  const script = document.currentScript;
  const { survey, delay, percent, close, title } = script.dataset;
  const { origin, pathname } = new URL(survey);
  const SEEN = `survey:${pathname}`;
  const PAUSE = 90 * 864e5;

  const frame = document.createElement("iframe");
  frame.src = survey;
  frame.title = title || "Survey";
  Object.assign(frame.style, { border: 0, width: "100%", height: "480px", display: "block" });

  let answered = () => {};
  addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    const { surveyHeight, surveyAnswered } = Object(event.data);
    if (surveyHeight > 0) frame.style.height = `${Math.min(surveyHeight, 20000)}px`;
    if (surveyAnswered === true) answered();
  });

  if (delay === undefined) {
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

  function open() {
    const box = document.createElement("div");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", frame.title);
    Object.assign(box.style, {
      position: "fixed",
      insetInlineEnd: "1rem",
      bottom: "1rem",
      zIndex: 2147483000,
      width: "min(26rem, calc(100vw - 2rem))",
      maxHeight: "80vh",
      overflow: "auto",
      background: "Canvas",
      borderRadius: "12px",
      boxShadow: "0 8px 32px rgb(0 0 0 / 30%)",
    });
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `× ${close || "Close"}`;
    Object.assign(button.style, { minHeight: "44px", padding: "0 1rem", font: "inherit" });
    const away = () => {
      remember();
      box.remove();
    };
    button.addEventListener("click", away);
    box.addEventListener("keydown", ({ key }) => key === "Escape" && away());
    answered = remember;
    box.append(button, frame);
    document.body.append(box);
  }

  if (!wasSeen() && Math.random() * 100 < percent) setTimeout(open, delay * 1000);
})();
