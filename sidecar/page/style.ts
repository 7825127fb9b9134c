/** The look of the gateway's pages, in light and in dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #fff; --ink: #1b1f27; --soft: #5d6675; --line: #e1e4ea;
  --accent: #0b66c3; --good: #1a7f4b; --bad: #b3261e; --bad-ground: #fdf1f0;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151b; --card: #1b2029; --ink: #e8ebf0; --soft: #a0a9b8; --line: #303744;
    --accent: #6cb0f5; --good: #5fc894; --bad: #ff8f86; --bad-ground: #33201f;
  }
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--ink);
}
main {
  width: 100%; max-width: 31rem; padding: 2rem; border: 1px solid var(--line); border-radius: .9rem;
  background: var(--card); box-shadow: 0 1px 3px rgb(0 0 0 / .06), 0 8px 30px rgb(0 0 0 / .06);
}
h1 { margin: 0; font-size: 1.4rem; line-height: 1.3; overflow-wrap: anywhere; }
p { margin: .4rem 0 0; }
#text { color: var(--soft); }
main[data-phase="failed"] #text { color: var(--bad); font-weight: 600; }
main[data-phase="awake"] #text { color: var(--good); font-weight: 600; }
ol { list-style: none; margin: 1.5rem 0 0; padding: 0; }
li { position: relative; display: flex; gap: .8rem; padding: .3rem 0; color: var(--soft); }
li + li::after {
  content: ""; position: absolute; left: calc(.65rem - 1px); top: -.32rem; height: .64rem; width: 2px; border-radius: 1px;
  background: var(--line);
}
li::before {
  content: ""; flex: none; width: 1.3rem; height: 1.3rem; margin-top: .1rem; border: 2px solid var(--line);
  border-radius: 50%; font: 700 .75rem/calc(1.3rem - 4px) system-ui, sans-serif; text-align: center;
}
li.done { color: var(--ink); }
li.done::before { content: "\\2713"; border-color: var(--good); background: var(--good); color: var(--card); }
li.current { color: var(--ink); font-weight: 600; }
li.current::before { border-color: var(--line); border-top-color: var(--accent); animation: turn 1s linear infinite; }
li.failed { color: var(--bad); font-weight: 600; }
li.failed::before { content: "\\2715"; border-color: var(--bad); background: var(--bad); color: var(--card); }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { li.current::before { animation: none; border-color: var(--accent); } }
#elapsed, #lost, #pause { color: var(--soft); font-size: .9rem; font-variant-numeric: tabular-nums; }
#elapsed { margin-top: 1rem; }
#cause { margin-top: 1.25rem; padding: .8rem 1rem; border-radius: .5rem; background: var(--bad-ground); }
#cause p { margin: 0; }
#reason { color: var(--bad); font-weight: 600; overflow-wrap: anywhere; }
#message {
  max-height: 14rem; overflow: auto; overflow-wrap: anywhere; white-space: pre-wrap;
  font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
#message:not(:empty) { margin-top: .3rem; }
#again { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin-top: 1.25rem; }
#again a {
  display: inline-block; padding: .5rem 1.1rem; border-radius: .5rem; background: var(--accent); color: var(--card);
  font-weight: 600; text-decoration: none;
}
#again a[aria-disabled] { background: var(--line); color: var(--soft); cursor: not-allowed; }
a:focus-visible, #message:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (forced-colors: active) { #again a { border: 1px solid; } }
`;
