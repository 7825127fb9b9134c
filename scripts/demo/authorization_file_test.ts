import { equal } from "node:assert/strict";
import { join } from "node:path";
import { readAuthorization, removeAuthorization, writeAuthorization } from "./authorization_file.ts";

Deno.test("the token is in a file that only its owner reads, also where one lies there that everybody reads", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const file = join(directory, "target/authorization");
    await writeAuthorization("old", file, directory);
    await Deno.chmod(file, 0o644);
    await writeAuthorization("a.b.c", file, directory);
    equal((await Deno.stat(file)).mode! & 0o777, 0o600);
    equal(await Deno.readTextFile(file), "Authorization: Bearer a.b.c\n", "as curl -H @FILE wants it");
    equal(await readAuthorization(file), "Bearer a.b.c");
    await removeAuthorization(join(directory, "another"));
    equal(await readAuthorization(file), "Bearer a.b.c", "who has another cache has another demo");
    await removeAuthorization(directory);
    equal(await readAuthorization(file), undefined);
    await removeAuthorization(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
