import { join } from "node:path";
import { buildKubectlView } from "../../compile/kubectl_view.ts";
import { withPath } from "../../process/command_line.ts";
import { temporaryDirectory } from "../../process/temporary_directory.ts";

/** What a command has written, and its exit status. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The plugin as a person has it: one file, in a directory of PATH with Deno beside it. */
export class InstalledPlugin {
  /** Where tests may put files. It is removed when the test file ends. */
  readonly directory: string;
  readonly file: string;

  private constructor(directory: string) {
    this.directory = directory;
    this.file = join(directory, "bin", "kubectl-view");
  }

  static async build(): Promise<InstalledPlugin> {
    const { path } = await temporaryDirectory({ prefix: "view-gateway-plugin-" });
    addEventListener("unload", () => Deno.removeSync(path, { recursive: true }));
    const plugin = new InstalledPlugin(path);
    await buildKubectlView(plugin.file);
    await Deno.symlink(Deno.execPath(), join(path, "bin", "deno"));
    return plugin;
  }

  /** @param command the plugin's file, or kubectl */
  start(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Deno.ChildProcess {
    return new Deno.Command(command, {
      args: [...args],
      env: {
        NO_COLOR: "1",
        VIEW_GATEWAY: "",
        VIEW_GATEWAY_TOKEN: "",
        ...env,
        PATH: withPath(join(this.directory, "bin")),
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  async run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
    const { code, stdout, stderr } = await this.start(command, args, env).output();
    return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  }
}
