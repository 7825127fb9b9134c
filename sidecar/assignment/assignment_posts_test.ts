import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Gateway } from "../envoy/testing/gateway.ts";
import { Pod } from "../envoy/testing/pod.ts";
import { AssignmentPosts } from "./assignment_posts.ts";

const signal = new AbortController().signal;
const BODY = JSON.stringify({ name: "sales", uid: "service-1", subsets: [], files: { "/a": "b".repeat(60_000) } });
const to = ({ address }: Pick<Pod, "address">, path = "/_gate/assign") => (
  { pod: "pod-uid", podName: "pod-1", pool: "warm", path, ...address }
);

/** The real Envoy, and POSTs through it. */
async function started() {
  const gateway = await Gateway.start();
  const posts = new AssignmentPosts(gateway.settings.socketDirectory, (error) => {
    throw error;
  });
  return {
    posts,
    async [Symbol.asyncDispose]() {
      posts.close();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a pod gets its assignment once, whole, with its own UID as the bearer's token", async () => {
  await using pod = await Pod.start("a", { answer: (_request, response) => response.writeHead(200).end("yes") });
  await using gateway = await started();
  deepEqual(await gateway.posts.post(to(pod), BODY, signal), { kind: "serving" });
  equal(pod.requests.length, 1);
  const { method, path, headers, bytes } = pod.requests[0]!;
  deepEqual([method, path, bytes], ["POST", "/_gate/assign", BODY.length]);
  deepEqual([headers.authorization, headers["content-type"]], ["Bearer pod-uid", "application/json"]);
  deepEqual(Object.keys(headers).filter((name) => name.startsWith("x-")), ["x-envoy-original-dst-host"]);
});

Deno.test("only 200 makes a pod the view's; what may pass is told apart from what does not", async () => {
  await using pod = await Pod.start("a", {
    answer: ({ url }, response) => response.writeHead(Number(url?.slice(-3)), { location: "/_gate/200" }).end(),
  });
  await using gateway = await started();
  const kinds = new Map<number, string>();
  for (const status of [200, 201, 204, 301, 302, 307, 400, 401, 404, 409, 413, 500, 503, 504]) {
    kinds.set(status, (await gateway.posts.post(to(pod, `/_gate/${status}`), BODY, signal)).kind);
  }
  const of = (kind: string) => [...kinds].filter(([, is]) => is === kind).map(([status]) => status);
  deepEqual(of("serving"), [200]);
  deepEqual(of("silent"), [503, 504]);
  equal(pod.requests.length, kinds.size, "no redirect is followed, and no POST is repeated");
});

Deno.test("a refusal says what it means", async () => {
  await using pod = await Pod.start("a", { answer: (_request, response) => response.writeHead(409).end() });
  await using gateway = await started();
  deepEqual(await gateway.posts.post(to(pod), BODY, signal), {
    kind: "refused",
    detail: "answered 409, so it is another view already",
  });
});

Deno.test("nothing but paths below /_gate/ takes a POST", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await started();
  equal((await gateway.posts.post(to(pod, "/other"), BODY, signal)).kind, "refused");
  deepEqual(pod.requests, []);
});

const NO_ANSWERS: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  "never answers": () => {},
  "begins an answer of another protocol": (request) => void request.socket.end("SSH-2.0-OpenSSH\r\n"),
  "hangs up": (request) => void request.socket.destroy(),
};

for (const [what, answer] of Object.entries(NO_ANSWERS)) {
  Deno.test(`a pod that ${what} is silent, within bounds`, async () => {
    await using pod = await Pod.start("a", { answer });
    await using gateway = await started();
    const began = performance.now();
    equal((await gateway.posts.post(to(pod), BODY, signal)).kind, "silent");
    ok(performance.now() - began < 4_000);
    equal(pod.requests.length, 1, "Envoy does not repeat the POST");
  });
}

Deno.test("a pod that refuses connections is silent, until it accepts them", async () => {
  const gone = await Pod.start("a");
  await gone.stop();
  await using gateway = await started();
  equal((await gateway.posts.post(to(gone), BODY, signal)).kind, "silent");
  await using _pod = await Pod.start("a", { port: gone.address.port });
  equal((await gateway.posts.post(to(gone), BODY, signal)).kind, "serving");
});

Deno.test("a POST ends when the view does not need it any more", async () => {
  await using pod = await Pod.start("a", { answer: () => {} });
  await using gateway = await started();
  const stop = new AbortController();
  const asked = gateway.posts.post(to(pod), BODY, stop.signal);
  setTimeout(() => stop.abort(), 50);
  equal((await asked).kind, "silent");
});

Deno.test("without Envoy no pod answers; the error is told once, without credentials or the pod's UID", async () => {
  const directory = await Deno.makeTempDir({ prefix: "assignment-" });
  const told: unknown[] = [];
  const posts = new AssignmentPosts(directory, (error) => told.push(error));
  const post = () => posts.post(to({ address: { address: "fd00::1", port: 1 } }), BODY, signal);
  try {
    deepEqual([(await post()).kind, (await post()).kind, told.length], ["not sent", "not sent", 1]);
    const text = Deno.inspect(told[0], { depth: 9 }) + JSON.stringify(told[0]);
    match(text, /error/i);
    ok(!text.includes("bbbb") && !text.includes("pod-uid"), text);
  } finally {
    posts.close();
    await Deno.remove(directory, { recursive: true });
  }
});
