import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import type { Config } from "@view-gateway/types";
import { EnvoyProcess } from "../../test/envoy/envoy_process.ts";
import { FRONT, frontBootstrap } from "../envoy/testing/front_bootstrap.ts";
import { sendRequest } from "../envoy/testing/http_client.ts";
import { Pod } from "../envoy/testing/pod.ts";
import { sendOverTls, type TlsAnswer, upgradeOverTls } from "../envoy/testing/tls_client.ts";
import { clusterTest, inNamespace, type Namespace } from "../kubernetes/testing/namespace.ts";
import { eventually } from "../testing/eventually.ts";
import { machineAddress } from "../testing/machine_address.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate } from "../testing/with_replica.ts";
import { Authority } from "../tls/testing/authority.ts";
import { MountedSecret } from "../tls/testing/mounted_secret.ts";

const SHARDS = ["sales", "research"] as const;
const NAMES = SHARDS.flatMap((shard) => [`${shard}.views.example.com`, `*.${shard}.views.example.com`]);

/** The front of gateway/overlays/shards, with the gateways of a test behind it. */
interface Front extends AsyncDisposable {
  readonly ca: string;
  readonly port: number;
  /** That of plain HTTP. */
  readonly plainPort: number;
  ask(method: string, host: string, path?: string, body?: object): Promise<TlsAnswer>;
}

async function frontOf(gateways: Readonly<Record<(typeof SHARDS)[number], Replica>>): Promise<Front> {
  const authority = await Authority.make();
  const secret = await MountedSecret.mount(await authority.issue({ names: NAMES }));
  const certificate = join(secret.directory, "certificate.yaml");
  const sds = await Deno.readTextFile(join(FRONT, "certificate.yaml"));
  await Deno.writeTextFile(certificate, sds.replaceAll("/etc/tls", secret.directory));
  const ports = await Promise.all(SHARDS.map((shard) => gateways[shard].envoy!.port("public")));
  const bootstrap = await frontBootstrap((text) =>
    SHARDS.reduce(
      (text, shard, index) =>
        text.replace(
          `view-gateway.view-gateway-${shard}.svc, port_value: 80 `,
          `127.0.0.1, port_value: ${ports[index]} `,
        ),
      text.replace("/etc/envoy/certificate.yaml", certificate)
        .replaceAll(/"?(::|0\.0\.0\.0)"?, port_value: 8\d+/g, "127.0.0.1, port_value: 0")
        .replaceAll(", ipv4_compat: true", ""),
    )
  );
  const envoy = await EnvoyProcess.start({ bootstrap });
  await envoy.ready();
  const [port, ca] = [await envoy.port("public"), authority.certificate];
  return {
    ...{ ca, port, plainPort: await envoy.port("redirect") },
    ask: (method, host, path = "/", body) => {
      const headers = { "content-type": "application/json", "x-forwarded-host": "evil.example" };
      const json = body && JSON.stringify(body);
      return sendOverTls({ ca, port, host, path, method, headers, ...json !== undefined && { body: json } });
    },
    async [Symbol.asyncDispose]() {
      await envoy.stop();
      await secret[Symbol.asyncDispose]();
    },
  };
}

/** A shard: its gateway, and the pod that all of its views run as. */
async function shardOf(namespace: Namespace, shard: string, address: string, config: Partial<Config> = {}) {
  const pod = await Pod.start(shard, { host: address });
  const port = { name: "http", containerPort: pod.address.port };
  const template = podTemplate({ annotations: { "kwok/pod-ip": address }, port });
  const replica = await Replica.start(namespace, {
    template,
    config: { baseHost: `${shard}.views.example.com`, letEverybodyIn: true, xffNumTrustedHops: 1, ...config },
  });
  return {
    ...{ replica, pod },
    /** How many views it knows. */
    views: async () => {
      const { text } = await replica.probe("/metrics");
      return [...text.matchAll(/^view_gateway_views\{.*\} (\d+)$/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    },
    async [Symbol.asyncDispose]() {
      await replica[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

// A machine without a network has no address for a pod.
if (machineAddress !== undefined) {
  const address = machineAddress;

  clusterTest("two shards, each in a namespace of its own, have one host name space in front", async (mine) => {
    await inNamespace(async (other) => {
      await using sales = await shardOf(mine, "sales", address);
      await using research = await shardOf(other, "research", address);
      await using front = await frontOf({ sales: sales.replica, research: research.replica });

      // One name in both shards is two views.
      for (const shard of SHARDS) {
        const created = await front.ask("PUT", `${shard}.views.example.com`, "/_api/views/hello", { subsets: [] });
        equal(created.status, 201, created.body);
        equal(JSON.parse(created.body).route.url, `https://hello.${shard}.views.example.com/`);
        const woken = JSON.parse((await front.ask("GET", `hello.${shard}.views.example.com`, "/a?b=c")).body);
        deepEqual([woken.pod, woken.path], [shard, "/a?b=c"]);
        const { "x-forwarded-proto": proto, "x-forwarded-for": client, "x-forwarded-host": said } = woken.headers;
        deepEqual([proto, client?.split(",").length, said], ["https", 2, undefined]);
      }
      deepEqual([await sales.views(), await research.views()], [1, 1]);
      equal((await front.ask("GET", "HELLO.Research.views.example.com:443")).status, 200);

      const socket = await upgradeOverTls({ ...front, host: "hello.sales.views.example.com" });
      socket.write("echo");
      equal(String((await once(socket, "data"))[0]), "echo");
      socket.destroy();

      // A name without a shard, and a shard's name without a view.
      await rejects(front.ask("GET", "hello.views.example.com"), /certificate/);
      const lost = await sendOverTls({
        ...{ ca: front.ca, port: front.port, host: "sales.views.example.com" },
        headers: { host: "hello.views.example.com" },
      });
      deepEqual([lost.status, lost.body], [404, "No shard has this host.\n"]);
      equal((await front.ask("GET", "nothing.sales.views.example.com")).status, 404);
      const plain = await sendRequest({ host: "hello.sales.views.example.com", port: front.plainPort, path: "/a" });
      deepEqual([plain.status, plain.headers.location], [308, "https://hello.sales.views.example.com/a"]);

      // A view moves by its spec.
      const { annotations } = (await mine.call("GET", "api/v1/services/hello")).metadata;
      const spec = JSON.parse(annotations!["view.yolean.se/spec"]!);
      equal((await front.ask("PUT", "research.views.example.com", "/_api/views/moved", spec)).status, 201);
      equal((await front.ask("DELETE", "sales.views.example.com", "/_api/views/hello")).status, 204);
      equal((await front.ask("GET", "moved.research.views.example.com")).status, 200);
      await eventually(
        "it is gone",
        async () => (await front.ask("GET", "hello.sales.views.example.com")).status === 404,
      );

      // Whatever becomes of one shard, the other one serves, wakes and creates views.
      await sales.replica.envoy!.stop();
      equal((await front.ask("GET", "hello.sales.views.example.com")).status, 503);
      equal((await front.ask("GET", "hello.research.views.example.com")).status, 200);
      equal((await front.ask("PUT", "research.views.example.com", "/_api/views/more", { subsets: [] })).status, 201);
      equal((await front.ask("GET", "more.research.views.example.com")).status, 200);
    });
  });

  clusterTest(
    "two gateways share a namespace by a label: a view belongs to the one whose label it has",
    async (namespace) => {
      const selecting = (shard: string) => ({ viewSelector: `view.yolean.se/name,shard=${shard}` });
      await using sales = await shardOf(namespace, "sales", address, selecting("sales"));
      await using research = await shardOf(namespace, "research", address, selecting("research"));
      await using front = await frontOf({ sales: sales.replica, research: research.replica });
      const put = (shard: string, name: string) =>
        front.ask("PUT", `${shard}.views.example.com`, `/_api/views/${name}`, { subsets: [] });

      for (const shard of SHARDS) {
        equal((await put(shard, `of-${shard}`)).status, 201);
        const { labels } = (await namespace.call("GET", `api/v1/services/of-${shard}`)).metadata;
        equal(labels?.shard, shard);
        equal((await front.ask("GET", `of-${shard}.${shard}.views.example.com`)).status, 200);
      }
      await eventually(
        "each knows its own view",
        async () => await sales.views() === 1 && await research.views() === 1,
      );
      equal((await front.ask("GET", "of-sales.research.views.example.com")).status, 404);

      // A name exists once in a namespace.
      const taken = await put("research", "of-sales");
      equal(taken.status, 409, taken.body);
      match(taken.body, /of-sales/);
    },
  );
}
