/* Swagger UI has a dark side of its own; it follows ours (js/theme.js). */

const root = document.documentElement;
const follow = () => root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");

new MutationObserver(follow).observe(root, { attributeFilter: ["data-bs-theme"] });
follow();
