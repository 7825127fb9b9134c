/** The page on which a person says who they are. */
export function loginPage(action: string, people: readonly string[], problem?: string): string {
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Sign in at the example's issuer</title>
  <style>${STYLE}</style>
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
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 22rem; margin: 12vh auto; padding: 0 1rem; }
form, label { display: grid; gap: .5rem; }
form { gap: 1rem; }
input, button { font: inherit; padding: .5rem .7rem; border-radius: .4rem; border: 1px solid #8a94a0; }
button { background: #187a5b; color: #fff; border: 0; cursor: pointer; }
[role=alert] { color: #b3261e; }
`;

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
