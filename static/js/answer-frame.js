/* Around the questions: screens for everybody, ways on, pages of other sites.

   Hooks: #answers[data-idle=URL] is emptied when nobody has touched it for long, or goes there if it
   has data-leaves (what was sent is not emptied by a reset); [data-onward=URL] leads there after
   data-seconds unless its [data-stay] is pressed; [data-sites] names the sites that may show the
   page, data-answered says that it has been sent. */

const asks = document.getElementById("answers");

/* Somewhere else, as soon as there is a way: a kiosk must not end on the browser's own page. */
function goOn(url) {
  if (navigator.onLine) location.replace(url);
  else addEventListener("online", () => location.replace(url), { once: true });
}

const IDLE = 120_000;

if (asks?.dataset.idle) {
  let timer = 0;
  const startAnew = () => {
    if ("leaves" in asks.dataset) {
      goOn(asks.dataset.idle);
      return;
    }
    asks.reset();
    for (const field of asks.elements) {
      // What follows a field (questions, sums, sliders) follows it back; a slider leads its own.
      if (!("slide" in field.dataset)) field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    scrollTo(0, 0);
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(startAnew, IDLE);
  };
  for (const kind of ["input", "pointerdown", "keydown"]) document.addEventListener(kind, wait);
  wait();
}

// The thanks lead on by themselves after a while, unless somebody wants to stay.
const onward = document.querySelector("[data-onward]");

if (onward && window.parent === window) {
  onward.hidden = false;
  const timer = setTimeout(() => goOn(onward.dataset.onward), onward.dataset.seconds * 1000);
  onward.querySelector("[data-stay]").addEventListener("click", () => {
    clearTimeout(timer);
    onward.remove();
  });
}

// In a page of another site: how high we are, to the sites that may show us and to no other.
const sites = document.querySelector("[data-sites]")?.dataset.sites.split(" ") ?? [];

if (sites.length && window.parent !== window) {
  const surveyAnswered = document.querySelector("[data-answered]") !== null;
  const tell = () => {
    const surveyHeight = Math.ceil(document.body.getBoundingClientRect().height);
    say({ surveyHeight, surveyAnswered });
  };
  const say = (what) => sites.forEach((site) => window.parent.postMessage(what, site));
  document.documentElement.classList.add("is-framed"); // as high as what it holds, and no higher
  document.addEventListener("keydown", (event) => {
    // A list that is open closes by itself; the page around us hears nothing of our keys.
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    say({ surveyClose: true });
  });
  new ResizeObserver(tell).observe(document.body);
  tell();
}
