/** The contract of docs/TEMPLATES.md, held against each of the example's programs as it runs in its image. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { EXAMPLE_ASSIGN_PATH } from "../deploy/warm_template.ts";
import { POD_UID, PodProcess, READY_PATH, viewPrograms } from "./testing/pod_process.ts";

const assignment = (files: Readonly<Record<string, string>> = {}, uid = "view-1") => ({
  ...{ name: "sales", uid, subsets: [], files },
});

for (const [name, { command, environment, tells }] of Object.entries(viewPrograms)) {
  Deno.test(`${name} keeps the contract of a view`, async (test) => {
    await using work = await temporaryDirectory();
    await using directory = await temporaryDirectory();
    const lake = directory.path;
    const file = join(lake, "credentials");
    const line = await command(work.path);
    const start = (more: Readonly<Record<string, string>> = {}) => {
      const files = { AWS_CONFIG_FILE: join(lake, "config"), AWS_SHARED_CREDENTIALS_FILE: file };
      return PodProcess.start(line, { ...environment?.(work.path), ...files, ...more }, tells);
    };

    await test.step("with VIEW_NAME it serves as that view, and takes no assignment", async () => {
      await using pod = await start({ VIEW_NAME: "orders", VIEW_SUBSETS: "[]" });
      assert.ok(await pod.isView("orders"));
      await pod.assign(assignment({ [file]: "text" }));
      assert.ok(await pod.isView("orders"));
      assert.deepEqual(await Array.fromAsync(Deno.readDir(lake)), []);
      assert.equal(await pod.end(), 0);
    });

    await test.step("without VIEW_NAME it is ready, serves nothing, and ends at SIGTERM", async () => {
      await using pod = await start();
      assert.equal(await pod.get(READY_PATH), 200);
      for (const path of ["/", tells, EXAMPLE_ASSIGN_PATH]) assert.equal(await pod.get(path), 503, path);
      assert.equal(await pod.end(), 0);
    });

    await using pod = await start();
    await test.step("it takes no assignment from others, and none that is not valid", async () => {
      for (const bearer of ["", POD_UID, "Bearer", "Bearer 4e9c2f3a", `Bearer ${POD_UID}x`]) {
        assert.equal(await pod.assign(assignment({ [file]: "stolen" }), bearer), 401, bearer);
      }
      const outside = [`${lake}/../x`, `${lake}/a/b`, `${lake}/..`, `${lake}/`, "/tmp/x", "x"];
      const bad = ["", "{", "[]", "{}", { ...assignment(), name: "" }, { ...assignment(), uid: "" }];
      for (const body of [...bad, ...outside.map((path) => assignment({ [path]: "text" }))]) {
        assert.equal(await pod.assign(body), 400, JSON.stringify(body));
      }
      const long = await pod.assign(assignment({ [file]: "x".repeat(8 * 1024 * 1024) }));
      assert.ok(long === 400 || long === undefined, String(long));
      assert.equal(await pod.get(tells), 503);
      assert.deepEqual(await Array.fromAsync(Deno.readDir(lake)), []);
    });

    await test.step("of several assignments at once it takes those for one view", async () => {
      const uids = ["view-1", "view-2", "view-1"];
      const statuses = await Promise.all(uids.map((uid) => pod.assign(assignment({ [file]: uid }, uid))));
      const won = uids[statuses.indexOf(200)];
      assert.deepEqual(statuses, uids.map((uid) => uid === won ? 200 : 409));
      assert.equal(await Deno.readTextFile(file), won);
      assert.ok(await pod.isView("sales"));
      assert.equal(await pod.assign(assignment({ [file]: "renewed" }, won)), 200);
      assert.equal(await Deno.readTextFile(file), "renewed");
      assert.equal((await Deno.stat(file)).mode! & 0o777, 0o444, "each user of the pod's containers can read it");
      assert.deepEqual((await Array.fromAsync(Deno.readDir(lake))).map(({ name }) => name), ["credentials"]);
    });

    await test.step("assigned, it ends in good order, also with a connection that never had a request", async () => {
      using _silent = await pod.connect();
      assert.equal(await pod.end(), 0);
    });
  });
}
