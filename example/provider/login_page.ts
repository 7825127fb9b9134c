import TOKENS from "../page/tokens.css" with { type: "text" };

/** The page on which a person says who they are. */
export function loginPage(action: string, people: readonly string[], problem?: string): string {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Sign in at the example's issuer</title>
  <style>${TOKENS}${STYLE}</style>
  <main>
    <h1>Sign in</h1>
    <p>This is the example's issuer. ${people.map((name) => `<b>${escaped(name)}</b>`).join(" and ")} can sign in;
      each password is the name.</p>
    ${problem === undefined ? "" : `<p role="alert">${escaped(problem)}</p>`}
    <form method="post" action="${escaped(action)}">
      <label>Name <input name="name" autocomplete="username" autofocus required></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button>Sign in</button>
    </form>
  </main>
</html>
`;
}

const STYLE = `
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
main { max-width: 22rem; margin: 12vh auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
form, label { display: grid; gap: .5rem; grid-template-columns: minmax(0, 1fr); }
form { gap: 1rem; }
input, button { font: inherit; padding: .5rem .7rem; border-radius: .5rem; border: 1px solid var(--edge); }
input { background: var(--card); color: var(--ink); }
button { background: var(--accent); color: var(--card); border-color: transparent; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[role=alert] { color: var(--bad); }
`;

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
