/**
 * How the user who started this process runs one of the project's tasks: through npx where this process came by it, as
 * Deno is then not on the PATH of the user's shell.
 */
export function taskCommand(words: string, variable: (name: string) => string | undefined = Deno.env.get): string {
  // https://docs.npmjs.com/cli/commands/npm-exec: npx is `npm exec`, and npm says which of its commands runs.
  const deno = variable("npm_command") === "exec" ? `npx -y deno@${Deno.version.deno}` : "deno";
  return `${deno} task ${words}`;
}
