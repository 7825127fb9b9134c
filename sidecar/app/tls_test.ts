import { deepEqual, equal, match } from "node:assert/strict";
import { sendRequest } from "../envoy/testing/http_client.ts";
import { sendOverTls } from "../envoy/testing/tls_client.ts";
import { Browser } from "../auth/testing/browser.ts";
import { createServiceAccount } from "../kubernetes/testing/service_account.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { Replica } from "../testing/replica.ts";
import { through } from "../testing/through_envoy.ts";
import { podTemplate } from "../testing/with_replica.ts";
import { Authority } from "../tls/testing/authority.ts";
import { MountedSecret } from "../tls/testing/mounted_secret.ts";

const OPEN = { authentication: "none", letEverybodyIn: true, baseHost: "views.test" } as const;

const SPEC = JSON.stringify({ name: "sales", subsets: [] });

clusterTest("a gateway with TLS gives https URLs, and tells when its certificate ends", async (namespace) => {
  const authority = await Authority.make();
  await using secret = await MountedSecret.mount(
    await authority.issue({ notAfter: new Date(Date.now() + 90 * 86_400_000) }),
  );
  await using replica = await Replica.start(namespace, {
    config: { ...OPEN, tlsDirectory: secret.directory, tlsListenPort: 0 },
  });
  const port = await replica.envoy!.port("public");
  const base = { host: "views.test", port, ca: authority.certificate };
  const headers = { "content-type": "application/json", origin: "https://views.test", "sec-fetch-site": "same-origin" };
  const created = await sendOverTls({ ...base, path: "/_api/views", method: "POST", headers, body: SPEC });
  equal(created.status, 201, created.body);
  equal(JSON.parse(created.body).route.url, "https://sales.views.test/");
  match(created.headers.location ?? "", /^(https:\/\/views\.test)?\/_api\/views\/sales$/);
  const listed = await sendOverTls({ ...base, host: "views.test:443", path: "/_api/views" });
  equal(JSON.parse(listed.body).items[0].route.url, "https://sales.views.test:443/");

  const { text } = await replica.probe("/metrics");
  const days = Number(text.match(/^view_gateway_certificate_seconds (\S+)$/m)?.[1]) / 86_400;
  deepEqual([Math.round(days), /^view_gateway_certificate_problems 0$/m.test(text)], [90, true]);
});

clusterTest("behind a proxy that terminates TLS, URLs are https where the proxy says so", async (namespace) => {
  await using replica = await Replica.start(namespace, { config: { ...OPEN, xffNumTrustedHops: 1 } });
  const port = await replica.envoy!.port("public");
  const created = await sendRequest({
    ...{ host: "views.test", port, path: "/_api/views", method: "POST", body: SPEC },
    headers: { "content-type": "application/json", "x-forwarded-proto": "https", origin: "https://views.test" },
  });
  equal(created.status, 201, created.body);
  equal(JSON.parse(created.body).route.url, "https://sales.views.test/");
  const { text } = await replica.probe("/metrics");
  equal(text.includes("view_gateway_certificate"), false);
});

clusterTest("a person signs in over https, and each step leads to an https URL", async (namespace) => {
  const ada = await createServiceAccount(namespace, "ada");
  const token = await ada.token("view-gateway");
  const spec = JSON.stringify({ subsets: [], access: { everyone: true } });
  const labels = { "view.yolean.se/name": "hello" };
  await namespace.createService("hello", {
    metadata: { name: "hello", labels, annotations: { "view.yolean.se/spec": spec } },
  });
  const authority = await Authority.make();
  await using secret = await MountedSecret.mount(await authority.issue());
  await using replica = await Replica.start(namespace, {
    config: {
      ...{ authentication: "kubernetes", baseHost: "views.test" },
      ...{ tlsDirectory: secret.directory, tlsListenPort: 0 },
    },
    // It starts for as long as a test lasts: there is nothing at a simulated pod's address.
    template: podTemplate({ annotations: { "kwok/ready-after": "600s" } }),
  });
  const browser = new Browser(await through(replica, authority.certificate), "views.test");
  const address = "https://hello.views.test/reports";
  const page = await browser.open(address);
  match(page.url, /^https:\/\/views\.test\/_auth\/\?view=hello&nonce=[\w-]{43}&path=%2Freports$/);
  const members = Object.fromEntries(new URL(page.url).searchParams);
  const view = await browser.submit("https://views.test/_auth/token", { ...members, token });
  deepEqual([view.url, view.status], [address, 503]);
  match(view.text, /<h1>hello<\/h1>/);
  match(browser.cookie("hello.views.test"), /__Host-view=/);
});
