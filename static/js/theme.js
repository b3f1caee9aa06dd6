/* Runs before the first paint (a classic script in <head>), so that nothing flashes.
   The choice lives in the cookie "theme" (light, dark; none = as the system says) and the server
   draws it; here the system's wish is filled in (and the cookie read on pages that are not ours).
   Hook: <button data-theme-switch> changes between light and dark. */
(function () {
  "use strict";
  var root = document.documentElement;
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  var kept = document.cookie.match(/(?:^|;\s*)theme=(light|dark)/);
  var chosen = root.hasAttribute("data-bs-theme") || Boolean(kept);

  function wanted() {
    return system.matches ? "dark" : "light";
  }

  function remember(theme) {
    // The same as the system: forget the choice, so that the page follows day and night again.
    chosen = theme !== wanted();
    document.cookie =
      "theme=" + (chosen ? theme : "") + ";path=/;samesite=lax;max-age=" + (chosen ? 31536000 : 0);
  }

  if (!root.hasAttribute("data-bs-theme")) {
    root.setAttribute("data-bs-theme", kept ? kept[1] : wanted());
  }
  system.addEventListener("change", function () {
    if (!chosen) root.setAttribute("data-bs-theme", wanted());
  });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-switch]")) return;
    var theme = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", theme);
    remember(theme);
  });
})();
