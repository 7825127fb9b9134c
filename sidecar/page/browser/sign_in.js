// Runs in the page to sign in at. It takes a token from the address, as in /_auth/#token=…, and removes it from there: no
// server and no history sees it. The page also works without it.
(() => {
  "use strict";

  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  const form = /** @type {HTMLFormElement} */ (document.getElementById("token-form"));
  /** @type {HTMLInputElement} */ (document.getElementById("token")).value = token;
  const fromLink = /** @type {HTMLElement} */ (document.getElementById("from-link"));
  if (document.querySelector("main")?.dataset.direct === "true") form.submit();
  else fromLink.hidden = false;
})();
