import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { ask } from "../../client/http.ts";
import { problemOf } from "../../client/problem.ts";
import { Proof } from "../../client/proof.ts";
import { sendRaw } from "../../client/raw_http.ts";

test("a hostname is the same in capitals, with any port and with a dot at its end", async () => {
  const gateway = await theGateway();
  await using view = await gateway.create("hosts");

  for (
    const host of [
      view.host.toUpperCase(),
      `${view.host}:8080`,
      `${view.host}:1`,
      `${view.host}.`,
    ]
  ) {
    const answer = await ask(gateway.origin, host, { path: "/whoami", headers: view.proof.headers });
    expect(answer.status, `${host}: ${answer.text}`).toBe(200);
    expect(answer.json().view).toBe(view.name);
  }
});

test("a hostname that can be no view's is answered 404", async () => {
  const gateway = await theGateway();
  const { headers } = new Proof(gateway.token);
  const labels = [
    "xn--bcher-kva",
    "1st",
    "-a",
    "a-",
    "a_b",
    "a.b",
    "a".repeat(64),
    "a".repeat(5_000),
    // Clusters that Envoy has, but no view of that name.
    "gate",
    "gate_listener",
    "sidecar_http",
  ];
  for (const label of labels) {
    problemOf(
      await ask(gateway.origin, gateway.hostOf(label), { headers }),
      404,
      "unknown-view",
    );
  }
});

test("a request for a host of another domain learns which hosts there are", async () => {
  const gateway = await theGateway();
  const problem = problemOf(
    await ask(gateway.origin, "example.org"),
    404,
    "not-found",
  );
  expect(problem.detail).toContain(gateway.baseHost);
});

test("a request without Host, with an empty one, or with one that is longer than all headers may be is refused", async () => {
  const gateway = await theGateway();
  const close = "Connection: close\r\n\r\n";
  expect(await sendRaw(gateway.origin, `GET / HTTP/1.1\r\n${close}`)).toMatch(
    /^HTTP\/1\.1 400 /,
  );
  expect(await sendRaw(gateway.origin, `GET / HTTP/1.1\r\nHost:\r\n${close}`))
    .toMatch(/^HTTP\/1\.1 40[04] /);
  const long = `${"a".repeat(70_000)}.${gateway.baseHost}`;
  expect(
    await sendRaw(
      gateway.origin,
      `GET / HTTP/1.1\r\nHost: ${long}\r\n${close}`,
    ),
  ).toMatch(/^HTTP\/1\.1 431 /);
});
