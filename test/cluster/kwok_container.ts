import { run } from "../../scripts/command.ts";
import { docker } from "./docker.ts";

/** kwok with a control plane, as its authors publish it. */
export const image = "registry.k8s.io/kwok/cluster:v0.7.0-k8s.v1.33.0";
/** Where it serves the whole API to anyone, in plain HTTP. */
const port = 8080;

/** Starts a container, which stays until it is removed. */
export async function startContainer(configuration: string): Promise<{ readonly id: string; readonly url: string }> {
  // It would end our container with this process.
  Deno.env.set("TESTCONTAINERS_RYUK_DISABLED", "true");
  // Loaded only here, since it takes a second.
  const { GenericContainer, Wait } = await import("testcontainers");
  /** Docker publishes a port on all addresses of the machine, and testcontainers has no option for it. */
  class LoopbackContainer extends GenericContainer {
    protected override beforeContainerCreated(): Promise<void> {
      this.hostConfig.PortBindings = { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: "0" }] };
      return Promise.resolve();
    }
  }
  const container = await new LoopbackContainer(image)
    .withExposedPorts(port)
    .withCopyContentToContainer([{ content: configuration, target: "/kwok.yaml" }])
    .withCommand(["--config=/kwok.yaml"])
    .withWaitStrategy(Wait.forHttp("/readyz", port))
    .withStartupTimeout(120_000)
    .start();
  return { id: container.getId(), url: `http://127.0.0.1:${container.getMappedPort(port)}` };
}

/** Removes a container, unless it is gone already. */
export async function removeContainer(id: string): Promise<void> {
  if (await docker(5_000, ["container", "inspect", id])) await run("docker", ["rm", "--force", "--volumes", id]);
}
