import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../process/command.ts";
import { kubeconfig } from "../../kubeconfig.ts";

const cluster = fileURLToPath(new URL("../..", import.meta.url));

/** Stand in for k3d, Docker and kubectl. Their state is in files beside them, and `calls` has a line for each call of k3d. */
const scripts: Readonly<Record<string, string>> = {
  k3d: `
    echo "KUBECONFIG=$KUBECONFIG k3d $*" >> "$here/calls"
    case "$1 $2" in
      "version ") echo "k3d version v5.9.0";;
      "cluster list") cat "$here/clusters";;
      "cluster create")
        [ -e "$here/created-meanwhile" ] && cp "$here/created-meanwhile" "$here/clusters" && exit 1
        echo '[{"name": "view-gateway", "nodes": [{"name": "server", "role": "server"}]}]' > "$here/clusters"
        for word in "$@"; do case "$word" in --runtime-label=*) echo "\${word#*=}" > "$here/labels";; esac; done;;
      "cluster start") [ -e "$here/startable" ];;
      "cluster delete") echo "[]" > "$here/clusters";;
      "kubeconfig get") cat "$here/kubeconfig";;
      "image import") echo "Successfully imported image(s)"; echo "no space left" >&2;;
    esac`,
  docker: `
    case "$1" in
      context) echo "unix:///var/run/docker.sock";;
      ps) for word in "$@"; do case "$word" in *view.yolean.se*) grep -q "^\${word#*label=}" "$here/labels" && echo 0123;; esac; done; true;;
      exec) cat "$here/images";;
    esac`,
  kubectl: "",
};

/** A machine with k3d, Docker and kubectl that are shell scripts. */
export class FakeK3d implements AsyncDisposable {
  /** What the API server of its cluster answers to everything. */
  status = 200;
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(null, { status: this.status }),
  );

  private constructor(readonly directory: string, readonly denoDirectory: string) {}

  /** @param clusters what k3d has already, as it lists it */
  static async with(clusters: readonly object[] = []): Promise<FakeK3d> {
    // Deno's own cache is below XDG_CACHE_HOME too, unless it is named.
    const { denoDir } = JSON.parse(await runCommand(Deno.execPath(), ["info", "--json"]));
    const fake = new FakeK3d(await Deno.makeTempDir({ prefix: "fake-k3d-" }), denoDir);
    for (const [name, text] of Object.entries(scripts)) {
      const script = `#!/bin/sh\nhere=$(dirname "$0")\n${text}\n`;
      await Deno.writeTextFile(join(fake.directory, name), script, { mode: 0o755 });
    }
    await Promise.all(["calls", "labels", "images"].map((name) => fake.write(name, "")));
    await fake.write("clusters", JSON.stringify(clusters));
    await fake.write("kubeconfig", kubeconfig("fake", `http://127.0.0.1:${fake.#server.addr.port}`));
    return fake;
  }

  async write(name: string, text: string): Promise<void> {
    await Deno.writeTextFile(join(this.directory, name), text);
  }

  /** Runs `deno task cluster` with arguments; answers its status and what it said. */
  cluster(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
    return this.#deno(["run", "-A", join(cluster, "main.ts"), ...args]);
  }

  /** Runs `deno run scripts/demo/demo.ts` with arguments; answers its status and what it said. */
  demo(...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
    return this.#deno(["run", "-A", join(cluster, "../demo/demo.ts"), ...args]);
  }

  /** Runs the demo, and interrupts it as soon as it builds images. */
  async interruptDemo(port: number): Promise<{ readonly code: number; readonly said: string }> {
    const args = ["run", "-A", join(cluster, "../demo/demo.ts"), "up", `--port=${port}`];
    const options = { args, env: this.#environment(), stdout: "null", stderr: "piped" } as const;
    await using demo = new Deno.Command(Deno.execPath(), options).spawn();
    let said = "";
    for await (const text of demo.stderr.pipeThrough(new TextDecoderStream())) {
      const built = /^Image /m.test(said);
      said += text;
      if (!built && /^Image /m.test(said)) demo.kill("SIGINT");
    }
    return { code: (await demo.status).code, said };
  }

  /** Runs a statement in which `node` is node.ts. */
  async statement(text: string): Promise<{ readonly code: number; readonly said: string }> {
    const file = join(this.directory, "statement.ts");
    await Deno.writeTextFile(
      file,
      `import * as node from ${JSON.stringify(join(cluster, "node/node.ts"))};\n${text}\n`,
    );
    return await this.#deno(["run", "-A", `--config=${join(cluster, "../deno.json")}`, file]);
  }

  /** What k3d has been asked to do, beside telling what there is. */
  async changes(): Promise<readonly string[]> {
    const calls = (await Deno.readTextFile(join(this.directory, "calls"))).trim().split("\n");
    return calls.filter((call) => !/ k3d (version|cluster list|kubeconfig get)/.test(call));
  }

  async #deno(args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
    const options = { args: [...args], env: this.#environment() };
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), options).output();
    return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  }

  #environment(): Record<string, string> {
    return {
      PATH: [this.directory, dirname(Deno.execPath()), "/usr/bin:/bin"].join(":"),
      XDG_CACHE_HOME: join(this.directory, "cache"),
      DENO_DIR: this.denoDirectory,
      KUBECONFIG: "/the/caller's",
      NO_COLOR: "1",
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Deno.remove(this.directory, { recursive: true });
  }
}
