/** Checks at once all that a command needs of this machine, and names all that is missing. */
import { succeeds } from "../process/command.ts";
import { MissingError } from "./missing_error.ts";
import { JAVA, thereIsJava } from "./java_version.ts";
import { GO, thereIsGo } from "./require_go.ts";

/** A tool that a command needs, for one purpose. */
export interface RequiredTool {
  readonly tool: Tool;
  /** For example `to build Kubernetes`. */
  readonly purpose: string;
}

interface Description {
  readonly what: string;
  readonly remedy: string;
  there(signal?: AbortSignal): Promise<boolean>;
}

const tools = {
  go: {
    what: GO,
    remedy: "Install it: https://go.dev/dl",
    there: thereIsGo,
  },
  pip: {
    what: "Python 3 with pip",
    remedy: "Install it. Debian: apt-get install python3-pip",
    there: (signal) => succeeds("python3", ["-m", "pip", "--version"], { signal }),
  },
  npm: {
    what: "npm",
    remedy: "Install Node.js",
    there: (signal) => succeeds("npm", ["--version"], { signal }),
  },
  git: {
    what: "git",
    remedy: "Install it",
    there: (signal) => succeeds("git", ["--version"], { signal }),
  },
  apt: {
    what: "apt and dpkg with sources of Debian 12",
    remedy: "Run the command on Debian 12, or in a container of it",
    there: async (signal) =>
      await succeeds("apt-get", ["--version"], { signal }) && await succeeds("dpkg-deb", ["--version"], { signal }),
  },
  kubectl: {
    what: "kubectl",
    remedy: "Install it: https://kubernetes.io/docs/tasks/tools",
    there: (signal) => succeeds("kubectl", ["version", "--client"], { signal }),
  },
  linux: {
    what: "Linux",
    remedy: "Run the command in a virtual machine with Linux",
    there: () => Promise.resolve(Deno.build.os === "linux"),
  },
  root: {
    what: "root",
    remedy: "Run the command with sudo",
    there: () => Promise.resolve(Deno.build.os !== "linux" || Deno.uid() === 0),
  },
  containerd: {
    what: "containerd, runc and CNI plugins",
    remedy: "Install them",
    there: async (signal) =>
      await succeeds("apt-get", ["--version"], { signal }) ||
      await succeeds("containerd", ["--version"], { signal }) && await succeeds("runc", ["--version"], { signal }),
  },
  dockerd: fromDebian("dockerd", "docker.io"),
  java: { ...fromDebian("java", "default-jre-headless"), what: JAVA, there: thereIsOrWillBe(thereIsJava) },
  maven: fromDebian("mvn", "maven"),
  ip: fromDebian("ip", "iproute2", "-V"),
  iptables: fromDebian("iptables", "iptables"),
  ipset: fromDebian("ipset", "ipset"),
  nft: fromDebian("nft", "nftables"),
  buildah: fromDebian("buildah", "buildah"),
  chromium: fromDebian("chromium", "chromium"),
  h2load: fromDebian("h2load", "nghttp2-client"),
  valgrind: fromDebian("valgrind", "valgrind"),
  prometheus: {
    ...fromDebian("prometheus", "prometheus"),
    // It is only unpacked, for which nobody has to be root.
    there: async (signal) =>
      await succeeds("apt-get", ["--version"], { signal }) || await succeeds("prometheus", ["--version"], { signal }),
  },
} satisfies Readonly<Record<string, Description>>;

export type Tool = keyof typeof tools;

/** A tool that the command installs itself if it runs as root on Debian. */
function fromDebian(command: string, debianPackage: string, version = "--version"): Description {
  return {
    what: command,
    remedy: `Install it (Debian: apt-get install ${debianPackage}), or run the command as root on Debian`,
    there: thereIsOrWillBe((signal) => succeeds(command, [version], { signal })),
  };
}

function thereIsOrWillBe(there: Description["there"]): Description["there"] {
  return async (signal) =>
    await there(signal) || Deno.uid() === 0 && await succeeds("apt-get", ["--version"], { signal });
}

export interface Needs {
  readonly needs: readonly RequiredTool[];
  /** A sentence that helps if some are missing. */
  readonly hint?: string | undefined;
}

/**
 * Makes sure that this machine has all that a command needs.
 * @param command for example `the demo`
 * @throws MissingError that lists all that is missing
 */
export async function requireNeeds(command: string, { needs, hint }: Needs, signal?: AbortSignal): Promise<void> {
  const wanted = [...new Set(needs.map(({ tool }) => tool))];
  const there = await Promise.all(wanted.map((tool) => tools[tool].there(signal)));
  const lacking = new Set(wanted.filter((_, index) => !there[index]));
  const text = lackText(command, needs.filter(({ tool }) => lacking.has(tool)), hint);
  if (text !== undefined) throw new MissingError(text);
}

/** The message for missing tools; undefined if none is missing. */
export function lackText(command: string, lacking: readonly RequiredTool[], hint?: string): string | undefined {
  if (lacking.length === 0) return undefined;
  const purposes = Map.groupBy(lacking, ({ tool }) => tool);
  const lines = [...purposes].map(([tool, needs]) => {
    const all = [...new Set(needs.map(({ purpose }) => purpose))].join(", ");
    return `- ${tools[tool].what} (${all}). ${tools[tool].remedy}.`;
  });
  return [`This machine lacks what is needed for ${command}:`, ...lines, ...hint === undefined ? [] : [hint]].join(
    "\n",
  );
}
