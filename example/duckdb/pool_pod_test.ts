import assert from "node:assert/strict";
import { join } from "node:path";
import type { Handler } from "./handler.ts";
import { ASSIGN_PATH, type PoolPod, poolPodOf } from "./pool_pod.ts";
import type { View } from "./view.ts";

const POD = "pod-1";

interface Waiting extends AsyncDisposable {
  readonly pod: PoolPod;
  /** The directory of the lake's files. */
  readonly lake: string;
}

const showsItsView = (view: View): Promise<Handler> => Promise.resolve(() => Promise.resolve(Response.json(view)));

async function waiting(serve = showsItsView): Promise<Waiting> {
  const lake = await Deno.makeTempDir();
  const environment: Record<string, string> = { VIEW_POD_UID: POD, AWS_CONFIG_FILE: join(lake, "config") };
  const pod = poolPodOf((name) => environment[name], serve);
  assert.ok(pod);
  return { pod, lake, [Symbol.asyncDispose]: () => Deno.remove(lake, { recursive: true }) };
}

async function get(pod: PoolPod, path: string): Promise<[number, string]> {
  const answer = await pod.answer(new Request(`http://pod.invalid${path}`));
  return [answer.status, await answer.text()];
}

async function post(pod: PoolPod, body: unknown, bearer = `Bearer ${POD}`): Promise<number> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { authorization: bearer };
  const answer = await pod.answer(
    new Request(`http://pod.invalid${ASSIGN_PATH}`, { method: "POST", headers, body: text }),
  );
  await answer.body?.cancel();
  return answer.status;
}

const sales = (files: Readonly<Record<string, string>> = {}, uid = "view-1") => ({
  ...{ name: "sales", uid, files },
  subsets: [{ bucket: "lake", prefix: "sales/" }],
});

Deno.test("a pod of a pool is ready and serves nothing", async () => {
  await using waits = await waiting();
  assert.equal((await get(waits.pod, "/healthz"))[0], 200);
  for (const path of ["/", "/tables", ASSIGN_PATH]) assert.equal((await get(waits.pod, path))[0], 503, path);
  assert.equal(waits.pod.assigned, false);
});

Deno.test("an assigned pod serves as its view, with the files that it was given last", async () => {
  await using waits = await waiting();
  const { pod, lake } = waits;
  const file = join(lake, "credentials");
  for (const keys of ["first", "renewed"]) {
    assert.equal(await post(pod, sales({ [file]: keys })), 200);
    assert.equal(await Deno.readTextFile(file), keys);
  }
  assert.equal((await Deno.stat(file)).mode! & 0o777, 0o444);
  assert.deepEqual((await Array.fromAsync(Deno.readDir(lake))).map(({ name }) => name), ["credentials"]);
  assert.deepEqual(JSON.parse((await get(pod, "/"))[1]), {
    name: "sales",
    subsets: [{ bucket: "lake", prefix: "sales/", access: "read" }],
  });
});

Deno.test("of two views at once one gets the pod, for ever, and makes one handler", async () => {
  let made = 0;
  await using waits = await waiting(async (view) => {
    made++;
    await new Promise((resolve) => setTimeout(resolve));
    return await showsItsView(view);
  });
  const { pod, lake } = waits;
  const file = join(lake, "credentials");
  const of = (uid: string) => post(pod, sales({ [file]: uid }, uid));
  assert.deepEqual(await Promise.all([of("view-1"), of("view-2"), of("view-1")]), [200, 409, 200]);
  assert.equal(made, 1);
  assert.equal(await Deno.readTextFile(file), "view-1");
});

Deno.test("only the gateway assigns", async () => {
  await using waits = await waiting();
  for (const bearer of ["", POD, "Bearer ", "Bearer pod-2", "Bearer pod-11", "bearer pod-1"]) {
    assert.equal(await post(waits.pod, sales(), bearer), 401, bearer);
  }
  assert.equal(waits.pod.assigned, false);
});

Deno.test("a bad assignment changes nothing", async () => {
  await using waits = await waiting();
  const { pod, lake } = waits;
  const config = join(lake, "config");
  const paths = [
    `${lake}/../x`,
    lake,
    `${lake}/`,
    `${lake}/x/`,
    `${lake}/..`,
    `${lake}/.`,
    `${lake}/a/b`,
    `${lake}//x`,
  ];
  const bodies = [
    ...["", "{", "[]", "{}", "null", { name: "sales" }, { uid: "view-1" }, `${JSON.stringify(sales())}{}`],
    ...[{ ...sales(), subsets: {} }, { ...sales(), name: 1 }, { ...sales(), files: { [config]: 1 } }],
    ...[...paths, "x", ""].map((path) => sales({ [config]: "text", [path]: "text" })),
    sales({ [config]: "x".repeat(256 * 1024) }),
  ];
  for (const body of bodies) assert.equal(await post(pod, body), 400, JSON.stringify(body).slice(0, 120));
  assert.deepEqual(await Array.fromAsync(Deno.readDir(lake)), []);
  assert.equal(pod.assigned, false);
});

Deno.test("a view that cannot be served is an error, and may be assigned again", async () => {
  let broken = true;
  await using waits = await waiting((view) => broken ? Promise.reject(new Error("no lake")) : showsItsView(view));
  assert.equal(await post(waits.pod, sales()), 500);
  assert.equal(waits.pod.assigned, false);
  broken = false;
  assert.equal(await post(waits.pod, sales()), 200);
});

Deno.test("a view that the environment names waits for nothing, nor does a program outside of a gateway", () => {
  const from = (environment: Record<string, string>) => poolPodOf((name) => environment[name], showsItsView);
  assert.equal(from({ VIEW_POD_UID: POD, VIEW_NAME: "sales" }), undefined);
  assert.equal(from({}), undefined);
});
