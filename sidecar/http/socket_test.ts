import { equal, rejects } from "node:assert/strict";
import { join } from "node:path";
import { removeSocket } from "./socket.ts";
import { staleSocket } from "../testing/stale_socket.ts";

async function directory() {
  const path = await Deno.makeTempDir({ prefix: "socket-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("the socket that a crashed process left is removed", async () => {
  await using here = await directory();
  const path = join(here.path, "s.sock");
  await staleSocket(path);
  await removeSocket(path);
  await rejects(Deno.lstat(path), Deno.errors.NotFound);
});

Deno.test("where nothing is there is nothing to do", async () => {
  await using here = await directory();
  await removeSocket(join(here.path, "s.sock"));
});

Deno.test("what is no socket is left alone, also where it leads to one", async () => {
  await using here = await directory();
  const file = join(here.path, "file");
  await Deno.writeTextFile(file, "precious");
  await rejects(removeSocket(file), /Cannot listen on .*file: there is a file that is no socket/);
  equal(await Deno.readTextFile(file), "precious");
  const socket = join(here.path, "s.sock");
  await staleSocket(socket);
  await Deno.symlink(socket, join(here.path, "link"));
  await rejects(removeSocket(join(here.path, "link")), /no socket/);
});

Deno.test("a place that cannot be looked at is an error", async () => {
  await using here = await directory();
  await Deno.writeTextFile(join(here.path, "file"), "");
  await rejects(removeSocket(join(here.path, "file", "s.sock")));
});
