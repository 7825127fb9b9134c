// Runs in the page of a view that starts. It shows the view's progress, and opens the view once it is awake. It sets what
// it shows as text, never as markup. The page also works without it.
(() => {
  "use strict";

  /** @typedef {import("../progress.ts").Progress} Progress */

  const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const main = /** @type {HTMLElement} */ (document.querySelector("main"));
  const retryLink = /** @type {HTMLAnchorElement} */ (document.querySelector("#retry a"));
  const contact = document.getElementById("contact");
  const steps = document.querySelectorAll("#steps li");

  /** @type {EventSource | undefined} */
  let source;
  let failedConnections = 0;
  let finished = false;
  /** When the start began. @type {number | undefined} */
  let startedAt;
  let kind = "";
  /** When the view can be started again. */
  let retryAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let reloadTimer;

  /** @type {(id: string, text: string) => void} */
  const setText = (id, text) => {
    // A screen reader reads a text aloud each time it is set.
    if (element(id).textContent !== text) element(id).textContent = text;
  };

  const stop = () => {
    finished = true;
    source?.close();
  };

  const reload = () => {
    stop();
    location.reload();
  };

  const updateTimes = () => {
    const now = performance.now();
    element("elapsed").hidden = startedAt === undefined;
    if (startedAt !== undefined) {
      setText("elapsed", `Started ${Math.max(0, Math.round((now - startedAt) / 1000))} s ago${kind}`);
    }
    const seconds = Math.ceil((retryAt - now) / 1000);
    element("pause").hidden = seconds <= 0;
    if (seconds > 0) {
      setText("pause", `Try again in ${seconds} s`);
      retryLink.setAttribute("aria-disabled", "true");
    } else retryLink.removeAttribute("aria-disabled");
  };

  /** @type {(progress: Progress) => void} */
  const show = (progress) => {
    const failed = progress.phase === "failed";
    const failedNow = failed && main.dataset.phase !== "failed";
    const now = performance.now();
    main.dataset.phase = progress.phase;
    document.title = progress.title;
    setText("text", progress.text);
    steps.forEach((step, i) => {
      step.className = i < progress.step ? "done" : i > progress.step ? "" : failed ? "failed" : "current";
      step.setAttribute("aria-current", i === progress.step ? "step" : "false");
    });
    element("steps").hidden = progress.phase === "deleted";
    startedAt = progress.elapsed === undefined ? undefined : now - progress.elapsed * 1000;
    kind = progress.start === undefined ? "" : ` (${progress.start} start)`;
    retryAt = progress.pause === undefined ? 0 : now + progress.pause * 1000;
    element("cause").hidden = element("retry").hidden = !failed;
    if (contact !== null) contact.hidden = !failed;
    setText("reason", progress.cause?.reason ?? "");
    setText("message", progress.cause?.message ?? "");
    updateTimes();
    if (failedNow) retryLink.focus();
    clearTimeout(reloadTimer);
    // Only a request for the view wakes it. Pages wait a random time, so that they do not all send one at once.
    if (progress.phase === "asleep") reloadTimer = setTimeout(reload, 4000 + 3000 * Math.random());
    if (progress.phase === "awake") reload();
    if (!progress.goesOn) stop();
  };

  const connect = () => {
    if (finished) return;
    const opened = source = new EventSource("/_gate/progress");
    opened.addEventListener("progress", (event) => {
      failedConnections = 0;
      element("lost").hidden = true;
      show(JSON.parse(event.data));
    });
    opened.addEventListener("error", () => {
      if (finished) return;
      element("lost").hidden = false;
      // An EventSource reconnects by itself after a broken connection, but not after an answer with an error.
      if (opened.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, (0.5 + Math.random()) * Math.min(1000 * 2 ** failedConnections++, 10000));
    });
  };

  retryLink.addEventListener("click", (event) => {
    event.preventDefault();
    if (!retryLink.hasAttribute("aria-disabled")) reload();
  });
  // The browser's "back" shows the page as it was when the reader left it.
  addEventListener("pageshow", (event) => {
    if (event.persisted) reload();
  });
  setInterval(updateTimes, 1000);
  /** @type {Progress} */
  const first = JSON.parse(main.dataset.progress ?? "");
  if (first.goesOn) connect();
  else finished = true;
  show(first);
})();
