import { deepEqual, equal } from "node:assert/strict";
import { connectOverHttp2 } from "./testing/http2_client.ts";
import { Gateway } from "./testing/gateway.ts";
import { exchange } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";
import { ViewKey } from "./testing/view_keys.ts";

const SPELLINGS = [
  ...["/_gate/assign", "/_gate/", "/_gate/a/b?c=d", "/_gate//assign", "//_gate/assign", "///_gate///assign"],
  ...["/_GATE/assign", "/_Gate/assign", "//_gAtE/assign"],
  ...["/%5fgate/assign", "/%5Fgate/assign", "/_%67ate/assign", "/%5F%47%41%54%45/assign", "/_gate/%61ssign"],
  ...["/./_gate/assign", "/a/../_gate/assign", "/a/%2e%2e/_gate/assign", "/a/.%2E/_gate/assign", "/%2e/_gate/assign"],
  ...["/_gate%2fassign", "/_gate%2Fassign", "/%2f_gate/assign", "/%2F%2f_gate%2fassign", "//%2f/_GATE%2Fassign"],
  ...["/a%2f..%2f_gate/assign", "/a%2F../_gate/assign", "/a/..%2f_gate/assign", "/a/b%2f..%2f..%2f_gate%2fassign"],
  ...["/%2e%2f_gate/assign", "/.%2f_gate/assign", "/a%2f%2e%2e%2f_gate/assign", "/..%2f_gate/assign"],
  ...["/\\_gate/assign", "\\_gate\\assign", "/_gate\\assign", "/%5c_gate/assign", "/_gate%5cassign", "/_gate%5Cassign"],
  ...["/_gate;a=b/assign", "/_gate;/assign", "/;a/_gate/assign", "/.;a/_gate/assign", "/a/..;/_gate/assign"],
  ...["/a%2f..;x%2f_gate/assign", "//;/_GATE;a=b%2fassign"],
];

const KEY = await ViewKey.make("one");

/** A view that is awake: one that only signed-in people open, or a public one. */
async function awake(door: "open" | "closed") {
  const pod = await Pod.start("a");
  const gateway = await Gateway.start({ jwks: ViewKey.jwks(KEY) });
  await gateway.view("sales", { serving: [pod.address], door });
  return {
    ...{ pod, gateway },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

const WHOSE = { open: "a public view", closed: "a view that people sign in to" };

/** Headers of somebody who may open the view. */
const opener = async (door: "open" | "closed") => door === "open" ? {} : { cookie: await KEY.cookie("sales") };

for (const door of ["open", "closed"] as const) {
  Deno.test(`however a client spells /_gate/, the pod does not see it: ${WHOSE[door]}`, async () => {
    await using view = await awake(door);
    const headers = Object.entries(await opener(door)).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const send = (method: string, target: string) =>
      exchange(
        view.gateway.port,
        `${method} ${target} HTTP/1.1\r\nHost: sales.localhost\r\nConnection: close\r\n${headers}Content-Length: 0\r\n\r\n`,
      );
    const answers = await Promise.all(
      SPELLINGS.flatMap((
        path,
      ) => [send("POST", path), send("GET", path), send("POST", `http://sales.localhost${path}`)]),
    );
    equal(answers.every((answer) => /^HTTP\/1.1 (200|40[04])/.test(answer)), true, answers.join("\n"));
    deepEqual(view.pod.requests.map(({ path }) => path), []);
  });

  Deno.test(`over HTTP/2 it does not see it either: ${WHOSE[door]}`, async () => {
    await using view = await awake(door);
    await using client = await connectOverHttp2(view.gateway.port);
    const headers = { ":authority": "sales.localhost", ...await opener(door) };
    const ask = async (method: string, path: string) => {
      const stream = client.request({ ...headers, ":method": method, ":path": path });
      stream.end();
      return (await client.answer(stream)).status;
    };
    const cookies = await opener(door);
    const paths = SPELLINGS.filter((path) => path.startsWith("/"));
    await Promise.all(paths.flatMap((path) => [
      ask("GET", path),
      ask("POST", path),
      client.answer(client.webSocket("sales.localhost", path, cookies)),
    ]));
    deepEqual(view.pod.requests.map(({ path }) => path), []);
  });
}

Deno.test("a view keeps all paths that only look alike", async () => {
  await using view = await awake("open");
  const paths = [
    ...[
      "/",
      "/_gate",
      "/_gateway/a",
      "/a/_gate/b",
      "/a//_gate/b",
      "/a%2f_gate/b",
      "/x_gate/b",
      "/gate/_b",
      "/__gate/a",
    ],
    ...["//", "//a//b", "/a%2Fb", "/%2f", "/a;b/c", "/..a/_gate/b", "/?x=/_gate/y", "/a?b=../_gate/c", "/_GATE"],
  ];
  for (const path of paths) await view.gateway.ask("sales.localhost", { path });
  deepEqual(view.pod.requests.map(({ path }) => path), paths);
});
