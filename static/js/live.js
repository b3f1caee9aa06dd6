/* Pages that notice what others do. The stream only says "something about this topic changed";
   the fragment is then fetched by htmx, so that each person gets what they may see.

   Hooks:
   body[data-live]               address of the event stream; without it nothing happens.
   data-live-topic="feedback"    an element that cares about the topic (several: "feedback task").
   data-live-id="12"             … only about this record.
   Such an element gets the event "live" (at most once a second): write hx-get="…"
   hx-trigger="live". A "3 new" bar is a fragment like any other.
   An element in which somebody is typing waits until they leave the field.
   Where the stream is not available (204, no EventSource) everything is asked every 30 s while
   the page is visible. */

const POLL_EVERY = 30_000;
const GATHER_FOR = 1000;
const due = new Set();
let gathering = null;

const listeners = () => [...document.querySelectorAll("[data-live-topic]")];

function cares(element, news) {
  const topics = element.dataset.liveTopic.split(" ");
  const id = element.dataset.liveId;
  return topics.includes(news.topic) && (!id || String(news.id) === id);
}

function typingIn(element) {
  const active = document.activeElement;
  return active?.matches("input, textarea, select") && element.contains(active);
}

function tell() {
  gathering = null;
  due.forEach((element) => {
    if (!element.isConnected) due.delete(element);
    if (!element.isConnected || typingIn(element)) return;
    due.delete(element);
    element.dispatchEvent(new CustomEvent("live", { bubbles: false }));
  });
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

function listen(address) {
  const stream = new EventSource(address);
  let opened = false;
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
    if (stream.readyState === EventSource.CLOSED) poll();
  };
  window.addEventListener("pagehide", () => stream.close());
}

document.addEventListener("focusout", () => setTimeout(() => note([...due]), 0));

const address = document.body.dataset.live;
if (address && listeners().length) {
  if ("EventSource" in window) listen(address);
  else poll();
}
