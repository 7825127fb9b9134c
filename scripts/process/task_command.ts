/**
 * The command with which the user runs one of the project's tasks. It begins with npx if this process does: then Deno is
 * not on the PATH of the user's shell.
 */
export function taskCommand(words: string, variable: (name: string) => string | undefined = Deno.env.get): string {
  // npx is `npm exec`, and npm sets a variable to its command: https://docs.npmjs.com/cli/commands/npm-exec
  const deno = variable("npm_command") === "exec" ? `npx -y deno@${Deno.version.deno}` : "deno";
  return `${deno} task ${words}`;
}
