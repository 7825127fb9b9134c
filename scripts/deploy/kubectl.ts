import { join } from "node:path";
import { type CommandOptions, runCommand } from "../process/command.ts";

/** kubectl for one cluster. */
export class Kubectl {
  readonly command: string;
  /** Path of its kubeconfig. Default: kubectl's. */
  readonly kubeconfig: string | undefined;

  constructor(command: string, kubeconfig?: string) {
    this.command = command;
    this.kubeconfig = kubeconfig;
  }

  /**
   * Runs kubectl and answers its standard output.
   * @throws CommandError
   */
  run(args: readonly string[], { signal, ...options }: CommandOptions = {}): Promise<string> {
    return runCommand(this.command, args, {
      ...options,
      env: { ...options.env, ...this.kubeconfig !== undefined && { KUBECONFIG: this.kubeconfig } },
      signal,
    });
  }

  async json<T>(args: readonly string[], options: CommandOptions = {}): Promise<T> {
    return JSON.parse(await this.run([...args, "--output=json"], options));
  }
}

/** kubectl for a test cluster, which brings its own if PATH has none. */
export function kubectlFor({ kubeconfig, bin }: { readonly kubeconfig: string; readonly bin?: string | undefined }) {
  return new Kubectl(bin === undefined ? "kubectl" : join(bin, "kubectl"), kubeconfig);
}
