/* Pages that notice what others do. The stream only says "something about this topic changed";
   the fragment is then fetched by htmx, so that each person gets what they may see.

   Hooks:
   body[data-live]               address of the event stream; without it nothing happens.
   data-live-topic="feedback"    an element that cares about the topic (several: "feedback task").
   data-live-id="12"             … only about this record.
   Such an element gets the event "live" (at most once a second): write hx-get="…"
   hx-trigger="live". A "3 new" bar is a fragment like any other.
   An element in which somebody is typing waits until they leave the field.
   data-live-every="60"          at most once in so many seconds; needs an id.
   data-live-calm                waits while somebody is busy with it: the pointer moved over it
                                 in the last seconds, the focus or an open <details> is inside.
   Where the stream is not available (204, no EventSource) everything is asked every 30 s while
   the page is visible. */

const POLL_EVERY = 30_000;
const GATHER_FOR = 1000;
const CALM_AFTER = 8000;
const due = new Set();
const toldAt = new Map();
const pointer = { at: -Infinity, over: null };
let gathering = null;

const listeners = () => [...document.querySelectorAll("[data-live-topic]")];

function cares(element, news) {
  const topics = element.dataset.liveTopic.split(" ");
  const id = element.dataset.liveId;
  const isMeant = !id || String(news.id) === id || news.ids?.includes(Number(id));
  return topics.includes(news.topic) && isMeant;
}

function typingIn(element) {
  const active = document.activeElement;
  return active?.matches("input, textarea, select") && element.contains(active);
}

function busyWith(element) {
  if (typingIn(element)) return true;
  if (!("liveCalm" in element.dataset)) return false;
  const pointed = element.contains(pointer.over) && performance.now() - pointer.at < CALM_AFTER;
  const focused = element.contains(document.activeElement);
  return pointed || focused || element.querySelector("details[open]") !== null;
}

function tooSoon(element) {
  const every = Number(element.dataset.liveEvery ?? 0) * 1000;
  return performance.now() - (toldAt.get(element.id) ?? -Infinity) < every;
}

function tell() {
  gathering = null;
  [...due].forEach((element) => {
    // What was due while its successor was on the way is due for the successor.
    const now = element.isConnected ? element : document.getElementById(element.id);
    if (now !== element) due.delete(element);
    if (!now) return;
    due.add(now);
    if (busyWith(now) || tooSoon(now)) return;
    due.delete(now);
    toldAt.set(now.id, performance.now());
    now.dispatchEvent(new CustomEvent("live", { bubbles: false }));
  });
  if (due.size) gathering = setTimeout(tell, GATHER_FOR);
}

function note(elements) {
  elements.forEach((element) => due.add(element));
  if (due.size) gathering ??= setTimeout(tell, GATHER_FOR);
}

function poll() {
  setInterval(() => {
    if (document.visibilityState === "visible") note(listeners());
  }, POLL_EVERY);
}

// A browser keeps six connections to a site, for all its tabs together: one that nobody looks at
// hangs up, and asks what it missed when somebody does.
function listen(address) {
  let stream = null;
  let opened = false;
  let polls = false;
  const hangUp = () => {
    stream?.close();
    stream = null;
  };
  const open = () => {
    stream = new EventSource(address);
    stream.onopen = () => {
      // After a break one does not know what was missed.
      if (opened) note(listeners());
      opened = true;
    };
    stream.onmessage = (message) => {
      const news = JSON.parse(message.data);
      note(listeners().filter((element) => cares(element, news)));
    };
    stream.onerror = () => {
      if (stream?.readyState !== EventSource.CLOSED || polls) return;
      polls = true;
      poll();
    };
  };
  const follow = () => {
    if (document.visibilityState === "hidden") hangUp();
    else if (!stream && !polls) open();
  };
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", hangUp);
  window.addEventListener("pageshow", follow);
  follow();
}

document.addEventListener(
  "pointermove",
  (event) => Object.assign(pointer, { at: performance.now(), over: event.target }),
  { passive: true },
);

const address = document.body.dataset.live;
if (address && listeners().length) {
  if ("EventSource" in window) listen(address);
  else poll();
}
