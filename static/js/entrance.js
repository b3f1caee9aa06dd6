/* The sign-in page. Hook: <button data-fill-email="…" data-fill-password="…"> signs in as that
   demo person (development only). */
import "./csrf.js";
import "./forms.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill-email]");
  if (!button) return;
  const form = document.querySelector("form [name=login]").form;
  form.elements.login.value = button.dataset.fillEmail;
  form.elements.password.value = button.dataset.fillPassword;
  form.requestSubmit();
});
