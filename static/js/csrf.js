/* Each request carries today's CSRF token.

   Signing in again in another tab changes the token; a page that was open before would be
   refused and its text with it. So the token is read from the cookie when something is sent.
   No hooks: works on every form and every htmx request. */

export function csrfToken() {
  const match = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return match ? match[1] : "";
}

document.addEventListener(
  "submit",
  (event) => {
    const field = event.target.elements.csrfmiddlewaretoken;
    if (field && csrfToken()) field.value = csrfToken();
  },
  true,
);

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get" || !csrfToken()) return;
  event.detail.headers["X-CSRFToken"] = csrfToken();
  if ("csrfmiddlewaretoken" in event.detail.parameters) {
    event.detail.parameters.csrfmiddlewaretoken = csrfToken();
  }
});
