import assert from "node:assert/strict";
import { join } from "node:path";
import { socketsIn } from "../../sidecar/envoy/sockets.ts";
import { inCluster, permissions } from "./permissions.ts";
import { Authority } from "../../sidecar/tls/testing/authority.ts";
import { MountedSecret } from "../../sidecar/tls/testing/mounted_secret.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/** What a program that runs with these permissions is granted, by descriptor. */
async function granted(
  flags: readonly string[],
  descriptors: readonly Deno.PermissionDescriptor[],
): Promise<boolean[]> {
  await using directory = await temporaryDirectory();
  const script = join(directory.path, "query.ts");
  await Deno.writeTextFile(
    script,
    `const states = await Promise.all(${JSON.stringify(descriptors)}.map((d) => Deno.permissions.query(d)));
     console.log(JSON.stringify(states.map(({ state }) => state === "granted")));`,
  );
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "--no-config", ...flags, script] });
  const { stdout, stderr } = await command.output();
  assert.equal(new TextDecoder().decode(stderr), "");
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("in a pod the sidecar reaches its sockets, the API server's Service and its own files", async () => {
  const wanted: Deno.PermissionDescriptor[] = [
    { name: "net", host: "0.0.0.0:8082" },
    { name: "net", host: "10.96.0.1:443" },
    { name: "net", host: "172.20.0.1:443" },
    { name: "read", path: "/run/view-gateway/token" },
    { name: "write", path: "/run/view-gateway/token" },
    { name: "net", host: "[100::1]:80" },
    { name: "read", path: "/var/run/secrets/kubernetes.io/serviceaccount/token" },
    { name: "env", variable: "BASE_HOST" },
    { name: "env", variable: "TEMPLATES_DIRECTORY" },
    { name: "env", variable: "KUBERNETES_SERVICE_HOST" },
    { name: "env", variable: "GRPC_TRACE" },
    { name: "net", host: "sts.eu-north-1.amazonaws.com:443" },
    { name: "net", host: "minio.lake.svc:9000" },
    { name: "env", variable: "AWS_SECRET_ACCESS_KEY" },
    { name: "env", variable: "LAKE_ROLE_ARN" },
  ];
  assert.deepEqual(await granted(permissions(), wanted), wanted.map(() => true));
});

Deno.test("and nothing else", async () => {
  const unwanted: Deno.PermissionDescriptor[] = [
    { name: "net" },
    { name: "net", host: "10.96.0.1:80" },
    { name: "net", host: "10.244.0.7:8080" },
    { name: "net", host: "example.com:443" },
    { name: "read", path: "/etc/passwd" },
    { name: "write", path: "/var/run/secrets/kubernetes.io/serviceaccount/token" },
    { name: "net", host: "s3.example.com:443" },
    { name: "net", host: "sts.eu-north-1.amazonaws.com:80" },
    { name: "net", host: "169.254.169.254:80" },
    { name: "env", variable: "AWS_PROFILE" },
    { name: "run" },
    { name: "ffi" },
    { name: "sys" },
  ];
  assert.deepEqual(await granted(permissions(), unwanted), unwanted.map(() => false));
});

Deno.test("a sidecar outside of a cluster reaches the addresses in its configuration", async () => {
  const flags = permissions({
    ...inCluster,
    socketDirectory: "/tmp/a",
    apiServers: ["127.0.0.1:6443"],
    credentials: [],
  });
  const descriptors: Deno.PermissionDescriptor[] = [
    { name: "net", host: "127.0.0.1:6443" },
    { name: "write", path: "/tmp/a/token" },
    { name: "net", host: "10.96.0.1:443" },
    { name: "write", path: "/run/view-gateway/token" },
  ];
  assert.deepEqual(await granted(flags, descriptors), [true, true, false, false]);
});

Deno.test("with them a mounted certificate is read, through the links by which it is renewed", async () => {
  await using secret = await MountedSecret.mount(await (await Authority.make()).issue());
  await using directory = await temporaryDirectory();
  const module = new URL("../../sidecar/tls/certificate_files.ts", import.meta.url);
  const script = join(directory.path, "certificate.ts");
  await Deno.writeTextFile(
    script,
    `import { judgeDirectory } from ${JSON.stringify(module)};
     const by = { baseHost: "views.test", http3: true, now: ${Date.now() + 60_000} };
     console.log((await judgeDirectory(${JSON.stringify(secret.directory)}, by)).problems.join());`,
  );
  const flags = permissions({ ...inCluster, secrets: [secret.directory] });
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "--no-config", "--no-check", ...flags, script] });
  const { stdout, stderr } = await command.output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(new TextDecoder().decode(stdout), "\n");
});

Deno.test("with them a pod is probed, and never met by the sidecar itself", async () => {
  const directory = await Deno.makeTempDir();
  const asked: string[] = [];
  const answer = (request: Request) => {
    asked.push(request.headers.get("x-envoy-original-dst-host") ?? "");
    return new Response();
  };
  // In Envoy's place.
  await using server = Deno.serve({ path: socketsIn(directory).startProbes, onListen: () => {} }, answer);
  try {
    const module = new URL("../../sidecar/start_probe/pod_probe.ts", import.meta.url);
    const script = join(directory, "probe.ts");
    await Deno.writeTextFile(
      script,
      `import { PodProbe } from ${JSON.stringify(module)};
       const probe = new PodProbe(${JSON.stringify(directory)}, console.error);
       const pod = { pod: "pod-1", path: "/healthz", address: "fd00::7", port: 8080 };
       console.log(await probe.serves(pod, new AbortController().signal));
       probe.close();`,
    );
    const flags = permissions({ ...inCluster, socketDirectory: directory });
    const command = new Deno.Command(Deno.execPath(), { args: ["run", "--no-config", "--no-check", ...flags, script] });
    const { stdout, stderr } = await command.output();
    assert.equal(new TextDecoder().decode(stderr), "");
    assert.equal(new TextDecoder().decode(stdout), "true\n");
    assert.deepEqual(asked, ["[fd00::7]:8080"]);
  } finally {
    await server.shutdown();
    await Deno.remove(directory, { recursive: true });
  }
});
