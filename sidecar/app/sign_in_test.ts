import { deepEqual, equal, match, ok } from "node:assert/strict";
import { IssuerBrowser } from "../../test/issuer/issuer_browser.ts";
import { CLIENT, ProviderProcess } from "../../test/issuer/provider_process.ts";
import { freePort } from "../../scripts/process/free_port.ts";
import { type HttpAnswer, sendRequest } from "../envoy/testing/http_client.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { eventually } from "../testing/eventually.ts";
import { Replica } from "../testing/replica.ts";

const CALLBACK = "http://localhost/_auth/callback";

/** A person's browser: the gateway's hosts are at whichever gateway it is told, and the issuer is elsewhere. */
class Person {
  readonly #name: string;
  readonly #issuer = new IssuerBrowser();
  readonly #cookies = new Map<string, Map<string, string>>();

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Opens a page, and goes where it is sent; signs in at the issuer on the way.
   * @param ports of gateways; each request goes to the next one
   */
  async open(address: string, ...ports: readonly number[]): Promise<HttpAnswer & { readonly url: string }> {
    let url = new URL(address);
    for (let step = 0; step < 15; step++) {
      const answer = await this.#ask(url, ports[step % ports.length]!);
      const issuer = /id="issuer" href="([^"]+)"/.exec(answer.body)?.[1];
      const next = answer.headers.location ?? (answer.status === 200 ? issuer?.replaceAll("&amp;", "&") : undefined);
      if (next === undefined) return { ...answer, url: url.href };
      url = new URL(next, url);
      if (url.port !== "") url = new URL(await this.#issuer.signIn(url.href, this.#name));
    }
    throw new Error("The browser is redirected without end.");
  }

  async #ask({ hostname: host, pathname, search }: URL, port: number): Promise<HttpAnswer> {
    const cookies = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, cookies);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = {
      ...{ accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none" },
      ...cookie !== "" && { cookie },
    };
    const answer = await sendRequest({ host, port, path: pathname + search, headers });
    for (const set of answer.headers["set-cookie"] ?? []) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0/.test(set)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }
}

interface SignInTest {
  readonly secretFile: string;
  readonly port: number;
  readonly gateway: () => Promise<{ readonly replica: Replica; readonly port: number } & AsyncDisposable>;
}

/** A view that its owner shares with guests, and gateways at which people sign in, with an issuer at a port. */
async function withSignIn(namespace: Namespace, use: (test: SignInTest) => Promise<void>): Promise<void> {
  const spec = JSON.stringify({ subsets: [], access: { groups: ["oidc:guests"] } });
  const labels = { "view.yolean.se/name": "hello" };
  await namespace.createService("hello", {
    metadata: { name: "hello", labels, annotations: { "view.yolean.se/spec": spec } },
  });
  const secretFile = await Deno.makeTempFile({ prefix: "client-secret-" });
  await Deno.writeTextFile(secretFile, CLIENT.secret);
  const port = freePort();
  const gateway = async () => {
    const replica = await Replica.start(namespace, {
      config: {
        authentication: "oidc",
        oidcIssuer: `http://localhost:${port}`,
        oidcAddress: `127.0.0.1:${port}`,
        oidcClientId: CLIENT.id,
        oidcClientSecretFile: secretFile,
        oidcScopes: "openid profile email groups",
      },
    });
    const dispose = () => replica[Symbol.asyncDispose]();
    return { replica, port: await replica.envoy!.port("public"), [Symbol.asyncDispose]: dispose };
  };
  try {
    await use({ secretFile, port, gateway });
  } finally {
    await Deno.remove(secretFile);
  }
}

clusterTest(
  "a person signs in with any of several gateways at each step, and opens what is shared with their group",
  async (namespace) => {
    await withSignIn(namespace, async ({ port, gateway }) => {
      await using issuer = await ProviderProcess.start({ redirectUris: [CALLBACK], port });
      ok(issuer.issuer);
      await using one = await gateway();
      await using two = await gateway();
      const console = await new Person("ben").open("http://localhost/", one.port, two.port);
      deepEqual([console.status, console.url], [200, "http://localhost/"]);
      match(console.body, /oidc:ben/);
      // That Envoy starts after the sidecar is no fault of the issuer.
      match((await one.replica.probe("/metrics")).text, /issuer_asked_total\{outcome="failed"\} 0/);

      // The gate lets him pass. The pod of this control plane takes no connections, so the view starts until the limit.
      const ben = new Person("ben");
      const opened = await ben.open("http://hello.localhost/", one.port, two.port);
      equal(opened.url, "http://hello.localhost/");
      ok(opened.status !== 401 && opened.status !== 403, `${opened.status} ${opened.body.slice(0, 300)}`);

      const refused = await new Person("ada").open("http://hello.localhost/", one.port);
      deepEqual([refused.status, refused.url], [403, "http://hello.localhost/"]);
    });
  },
);

clusterTest(
  "while its issuer is away a gateway starts, keeps sessions, and tells others the cause",
  async (namespace) => {
    await withSignIn(namespace, async ({ port, gateway }) => {
      const issuer = await ProviderProcess.start({ redirectUris: [CALLBACK], port });
      const ben = new Person("ben");
      {
        await using before = await gateway();
        equal((await ben.open("http://localhost/", before.port)).status, 200);
      }
      await issuer[Symbol.asyncDispose]();

      await using after = await gateway();
      await eventually("it is ready", async () => (await after.replica.probe("/readyz")).status === 200);
      equal((await ben.open("http://localhost/", after.port)).status, 200);
      const other = await new Person("ada").open("http://localhost/", after.port);
      equal(other.status, 503);
      match(other.body, /the issuer http:\/\/localhost:\d+ cannot be reached: connection refused/);

      await using back = await ProviderProcess.start({ redirectUris: [CALLBACK], port });
      ok(back.issuer);
      await eventually(
        "others sign in",
        async () => (await new Person("ada").open("http://localhost/", after.port)).status === 200,
      );
    });
  },
);
