import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentedCommands, runInShell } from "../../client/documented_commands.ts";
import { localPort } from "../../client/local_port.ts";
import { type WatchEvent, WatchReader } from "../../client/watch_reader.ts";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { Stranger } from "../../gateway/stranger.ts";
import { View } from "../../gateway/view.ts";

/** What an event says, in a word. */
const wordOf = ({ event, data }: WatchEvent) => event === "changed" ? data.phase! : event;

/** The words of the events about one view, each once where it stays the same. */
const wordsOf = (reader: WatchReader, name: string) =>
  reader.events.filter(({ data }) => data.name === name).map(wordOf).filter((
    word,
    i,
    all,
  ) => word !== all[i - 1]);

test("who watches at one replica sees in order what becomes of a view through another one; a stranger sees nothing", async () => {
  const gateway = await theGateway();
  const [here, there] = gateway.replicas;
  using local = await localPort(await here!.public());
  const list = `http://localhost:${local.port}/_api/views`;
  await using stranger = await Stranger.in(gateway.viewsNamespace);
  await using all = await WatchReader.open(`${list}?watch`, gateway.token);
  await using strangers = await WatchReader.open(
    `${list}?watch`,
    stranger.token,
  );
  await using view = new View(gateway, uniqueName("watched"));
  await using last = new View(gateway, uniqueName("watched-last"));
  const { name } = view;
  const path = `/_api/views/${name}`;
  const send = async (
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    at: string,
    body?: object,
    type = "json",
  ) => {
    const headers = { "content-type": `application/${type}` };
    const json = body && { headers, body: JSON.stringify(body) };
    const answer = await gateway.api({ method, path: at, ...json }, there!);
    expect(answer.status, answer.text).toBeLessThan(300);
  };
  const isNow = (reader: WatchReader, word: string) =>
    reader.until(
      `${name} is ${word}`,
      (event) => event.data.name === name && wordOf(event) === word,
    );

  await send("POST", "/_api/views", { name, subsets: [] });
  await isNow(all, "asleep");
  await expect(WatchReader.open(`${list}/${name}?watch`, stranger.token))
    .rejects.toThrow(/ answers 403: /);
  await using own = await WatchReader.open(
    `${list}/${name}?watch`,
    gateway.token,
  );
  await isNow(own, "asleep");
  await send("POST", `${path}/wake`);
  await Promise.all([all, own].map((reader) => isNow(reader, "awake")));
  await send("PATCH", path, { idleSeconds: 77 }, "merge-patch+json");
  const changed = ({ data }: WatchEvent) => data.name === name && data.idleSeconds === 77;
  await Promise.all(
    [all, own].map((reader) => reader.until("idleSeconds is 77", changed)),
  );
  await send("POST", `${path}/sleep`);
  await Promise.all([all, own].map((reader) => isNow(reader, "asleep")));
  await send("DELETE", path);
  await Promise.all([all, own].map((reader) => isNow(reader, "gone")));

  for (const reader of [all, own]) {
    expect(wordsOf(reader, name)).toEqual([
      "asleep",
      "starting",
      "awake",
      "asleep",
      "gone",
    ]);
  }
  // What the stranger may see comes after all that they may not.
  const access = {
    users: [`system:serviceaccount:${gateway.viewsNamespace}:${stranger.name}`],
  };
  await send("POST", "/_api/views", { name: last.name, subsets: [], access });
  await strangers.until(
    `${last.name} is shared`,
    ({ data }) => data.name === last.name,
  );
  expect(strangers.events.map(({ data }) => data.name)).not.toContain(name);
});

test("each command of docs/VIEWS.md by which a script waits does what its line in the table says", async () => {
  const gateway = await theGateway();
  using local = await localPort(gateway.origin);
  await using view = await gateway.create("waited");
  const directory = await mkdtemp(join(tmpdir(), "waited-"));
  try {
    const authorization = join(directory, "authorization");
    await writeFile(authorization, `authorization: Bearer ${gateway.token}\n`, {
      mode: 0o600,
    });
    const run = async (command: string) => {
      const script = command.replaceAll("sales-2025", view.name).replaceAll(
        "localhost:8080",
        `localhost:${local.port}`,
      )
        .replaceAll("@target/demo-authorization", `@${authorization}`);
      const { status, out, err } = await runInShell(script);
      expect({ status, err }, `${script}\n${out}`).toEqual({
        status: 0,
        err: "",
      });
      return out;
    };
    const commands = await documentedCommands("VIEWS.md", "How a script waits");
    const [ask, wake, restart, sleep, watch, ...more] = commands;
    expect(more).toEqual([]);

    expect(await run(ask!)).toContain("<!doctype html>");
    expect(JSON.parse(await run(wake!))).toMatchObject({
      name: view.name,
      phase: "awake",
    });
    const { pod } = await view.whoami();
    expect(JSON.parse(await run(restart!))).toMatchObject({
      name: view.name,
      phase: "awake",
    });
    expect((await view.whoami()).pod).not.toBe(pod);
    expect(JSON.parse(await run(sleep!))).toMatchObject({ name: view.name });
    expect(await run(watch!)).toMatch(/^data: \{.*"phase":"asleep".*\}\n$/);
  } finally {
    await rm(directory, { recursive: true });
  }
});
