import { runCommand } from "../../process/command.ts";
import type { KeyPair } from "../certificates.ts";
import { dockerSucceeds } from "../../docker/docker_client.ts";

/** kwok with a control plane, as its authors publish it. */
export const KWOK_IMAGE = "registry.k8s.io/kwok/cluster:v0.7.0-k8s.v1.33.0";
/** Where its API server is to serve. By default kwok takes any port, and a proxy serves everybody as an administrator. */
const port = 6443;

/** How an administrator and an API server know each other: PEM. */
interface Credentials {
  readonly authority: string;
  readonly client: KeyPair;
}

export interface Container {
  readonly id: string;
  /** Where the Docker daemon is, which may not be the one that is chosen later. */
  readonly daemon: string;
}

/** Starts a container of a Docker daemon. It stays until `removeContainer`. */
export async function startContainer(
  configuration: string,
  daemon: string,
): Promise<{ readonly id: string; readonly url: string }> {
  // testcontainers does not read the context of Docker's command line.
  Deno.env.set("DOCKER_HOST", daemon);
  // Inside a container it would use another address of the machine, but the port is published on loopback.
  Deno.env.set("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1");
  // Its reaper would end the container with this process.
  Deno.env.set("TESTCONTAINERS_RYUK_DISABLED", "true");
  // Load it only here: that takes a second.
  const { GenericContainer, StartupCheckStrategy } = await import("testcontainers");
  /** testcontainers' own strategies keep waiting after an interruption. The caller waits for the API server itself. */
  class Started extends StartupCheckStrategy {
    override checkStartupState() {
      return Promise.resolve("SUCCESS" as const);
    }
  }
  /** Docker publishes a port on all addresses of the machine, and testcontainers has no option for it. */
  class LoopbackContainer extends GenericContainer {
    protected override beforeContainerCreated(): Promise<void> {
      this.hostConfig.PortBindings = { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: "0" }] };
      return Promise.resolve();
    }
  }
  const container = await new LoopbackContainer(KWOK_IMAGE)
    .withExposedPorts(port)
    .withEnvironment({ KWOK_KUBE_APISERVER_PORT: `${port}` })
    .withCopyContentToContainer([{ content: configuration, target: "/kwok.yaml" }])
    .withCommand(["--config=/kwok.yaml"])
    .withWaitStrategy(new Started())
    .start();
  return { id: container.getId(), url: `https://127.0.0.1:${container.getMappedPort(port)}` };
}

/** What an administrator shows its API server; undefined until kwok has made it. */
export async function administrator({ id, daemon }: Container): Promise<Credentials | undefined> {
  const files = ["ca.crt", "admin.crt", "admin.key"].map((file) => `"$HOME/.kwok/clusters/kwok/pki/${file}"`);
  const exec = ["exec", id, "sh", "-c", `cat ${files.join(" ")}`];
  const pem = await runCommand("docker", [`--host=${daemon}`, ...exec]).catch(() => "");
  const [authority, certificate, key] = pem.match(/-----BEGIN [^]*?-----END [^\n]*\n?/g) ?? [];
  return authority && certificate && key ? { authority, client: { certificate, key } } : undefined;
}

/** The end of what a container's main process wrote. */
export async function containerLog({ id, daemon }: Container): Promise<string> {
  return await runCommand("sh", ["-c", 'docker --host="$0" logs --tail=20 "$1" 2>&1', daemon, id]);
}

/** Removes a container, unless it is gone already. */
export async function removeContainer({ id, daemon }: Container): Promise<void> {
  const host = `--host=${daemon}`;
  if (!await dockerSucceeds(5_000, [host, "container", "inspect", id])) return;
  await runCommand("docker", [host, "rm", "--force", "--volumes", id]);
}
