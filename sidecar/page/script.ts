/**
 * Keeps the page of a start in step with the view, and goes on to the view when it is awake. What it shows it sets as
 * text, never as markup. The page works without it.
 */
export const SCRIPT = `
(() => {
  "use strict";
  const main = document.querySelector("main");
  const part = (id) => document.getElementById(id);
  const [text, elapsed, cause, reason, message, again, pause, lost] =
    ["text", "elapsed", "cause", "reason", "message", "again", "pause", "lost"].map(part);
  const link = again.querySelector("a");
  const steps = [...document.querySelectorAll("#steps li")];
  let source, retries = 0, began, resumes = 0, asleep, done = false;

  const say = (node, value) => { if (node.textContent !== value) node.textContent = value; };
  const open = () => { done = true; source?.close(); location.reload(); };

  const tick = () => {
    const now = performance.now();
    elapsed.hidden = began === undefined;
    if (began !== undefined) say(elapsed, "For " + Math.max(0, Math.round((now - began) / 1000)) + " s now");
    const left = Math.ceil((resumes - now) / 1000);
    pause.hidden = left <= 0;
    if (left > 0) {
      say(pause, "It can be tried again in " + left + " s.");
      link.setAttribute("aria-disabled", "true");
    } else link.removeAttribute("aria-disabled");
  };

  const show = (progress) => {
    const failed = progress.phase === "failed";
    const fresh = failed && main.dataset.phase !== "failed";
    main.dataset.phase = progress.phase;
    document.title = progress.title;
    say(text, progress.text);
    steps.forEach((step, i) => {
      step.className = i < progress.step ? "done" : i > progress.step ? "" : failed ? "failed" : "current";
      step.setAttribute("aria-current", i === progress.step ? "step" : "false");
    });
    part("steps").hidden = progress.phase === "deleted";
    began = progress.elapsed === undefined ? undefined : performance.now() - progress.elapsed * 1000;
    resumes = progress.pause === undefined ? 0 : performance.now() + progress.pause * 1000;
    cause.hidden = again.hidden = !failed;
    say(reason, progress.cause?.reason ?? "");
    say(message, progress.cause?.message ?? "");
    tick();
    if (fresh) link.focus();
    // Nobody wakes it unless it is asked for.
    clearTimeout(asleep);
    if (progress.phase === "asleep") asleep = setTimeout(open, 4000 + 3000 * Math.random());
    if (progress.phase === "awake") open();
    if (!progress.goesOn) { done = true; source?.close(); }
  };

  const connect = () => {
    if (done) return;
    source = new EventSource("/_gate/progress");
    source.addEventListener("progress", (event) => {
      retries = 0;
      lost.hidden = true;
      show(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      if (done) return;
      lost.hidden = false;
      // It comes back by itself from a connection that broke, but not from an answer that it did not expect.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, (0.5 + Math.random()) * Math.min(1000 * 2 ** retries++, 10000));
    });
  };

  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (!link.hasAttribute("aria-disabled")) open();
  });
  // A page that is kept for "back" shows what was.
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  setInterval(tick, 1000);
  const first = JSON.parse(main.dataset.progress);
  if (first.goesOn) connect();
  else done = true;
  show(first);
})();
`;
