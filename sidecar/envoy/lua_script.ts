/** What a script is given as a constant: the members of a table have their names as keys. */
export type LuaValue = string | number | boolean | { readonly [member: string]: LuaValue };

/**
 * A program for Envoy's Lua: constants that its configuration sets, and the files that use them. To LuaJIT a local costs no
 * more than a literal.
 */
export function luaScript(constants: { readonly [name: string]: LuaValue }, ...files: readonly string[]): string {
  const locals = Object.entries(constants).map(([name, value]) => `local ${name} = ${literal(value)}\n`);
  return [...locals, ...files].join("");
}

function literal(value: LuaValue): string {
  // Strings are printable but for line ends, and JSON and Lua have the same escape for those.
  if (typeof value !== "object") return JSON.stringify(value);
  return `{ ${
    Object.entries(value).map(([name, member]) => `[${JSON.stringify(name)}] = ${literal(member)}`).join(", ")
  } }`;
}
