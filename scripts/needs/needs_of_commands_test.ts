import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../sidecar/version.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/** The message of a command on a machine with nothing on PATH and nothing built. */
async function onBareMachine(script: string, ...args: string[]): Promise<string> {
  await using cache = await temporaryDirectory();
  const { denoDir } = JSON.parse(await output(["info", "--json"], {}));
  const env = { HOME: cache.path, XDG_CACHE_HOME: cache.path, PATH: "/nonexistent", DENO_DIR: denoDir };
  return await output(
    ["run", "-A", "--quiet", fileURLToPath(new URL(`../${script}`, import.meta.url)), ...args],
    env,
    1,
  );
}

async function output(args: string[], env: Record<string, string>, expected = 0): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args, env, clearEnv: expected !== 0 });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder().decode(expected === 0 ? stdout : stderr);
  assert.equal(code, expected, text);
  return text;
}

const linux = Deno.build.os === "linux";
const go = /^- Go /m,
  pip = /^- Python 3 with pip /m,
  buildah = /^- buildah /m,
  ip = /^- ip /m,
  iptables = /^- iptables /m,
  ipset = /^- ipset /m,
  java = /^- Java 17 or later \(to run Zipkin\)/m,
  maven = /^- mvn \(to download Zipkin\)/m,
  prometheus = /^- prometheus /m;
const noK3d = /^A node with k3d would need less, but there is no k3d on PATH\.$/m;
const noDocker = /^A container would need less, but there is no docker on PATH\.$/m;

for (
  const [command, script, args, lacking] of [
    ["demo", "demo/demo.ts", ["up"], [go, pip, buildah, ...linux ? [ip, iptables, ipset] : [], noK3d]],
    ["demo --traces --metrics", "demo/demo.ts", ["up", "--traces", "--metrics"], [go, java, maven, prometheus]],
    ["e2e", "test/e2e.ts", [], [go, pip, buildah, ...linux ? [ip, iptables, ipset] : [], /^- chromium /m, noK3d]],
    ["test", "test/unit_tests.ts", [], [go, pip, prometheus, noDocker]],
    ["bench", "../test/bench/main.ts", ["warm"], [go, pip, /^- h2load /m, /^- valgrind /m]],
    ["release", "release/release.ts", [VERSION], [/^- git /m, /^- apt /m, go, pip]],
    ["cluster up kwok", "cluster/main.ts", ["up", "kwok"], [go, noDocker]],
    ["cluster up node", "cluster/main.ts", ["up", "node"], [go, ...linux ? [ip, iptables, ipset] : [], noK3d]],
    ["docker", "docker/docker.ts", ["--", "true"], linux ? [/^- dockerd /m, ip] : [/^- Linux /m]],
  ] as const
) {
  Deno.test(`${command} names at once all that this machine lacks`, async () => {
    const text = await onBareMachine(script, ...args);
    for (const pattern of lacking) assert.match(text, pattern);
  });
}
