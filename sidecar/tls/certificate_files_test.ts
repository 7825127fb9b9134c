import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { judgeDirectory } from "./certificate_files.ts";
import { Authority } from "./testing/authority.ts";
import { MountedSecret } from "./testing/mounted_secret.ts";

const authority = await Authority.make();
const by = { baseHost: "views.test", http3: true, now: Date.now() + 60_000 };

Deno.test("the certificate of a mounted Secret is read, before and after a renewal", async () => {
  await using secret = await MountedSecret.mount(await authority.issue());
  const first = await judgeDirectory(secret.directory, by);
  await secret.renew(await authority.issue());
  const second = await judgeDirectory(secret.directory, by);
  deepEqual([first.problems, second.problems], [[], []]);
  equal(first.certificate?.serialNumber === second.certificate?.serialNumber, false);
});

Deno.test("each file that is missing or is none is told by its name", async () => {
  await using secret = await MountedSecret.mount(await authority.issue());
  const { directory } = secret;
  await Deno.remove(join(directory, "tls.key"));
  deepEqual((await judgeDirectory(directory, by)).problems, ["tls.key cannot be read: there is no such file"]);
  await Deno.mkdir(join(directory, "tls.key"));
  deepEqual((await judgeDirectory(directory, by)).problems, ["tls.key cannot be read: IsADirectory"]);
  deepEqual((await judgeDirectory(join(directory, "nowhere"), by)).problems, [
    "tls.crt cannot be read: there is no such file",
    "tls.key cannot be read: there is no such file",
  ]);
});

Deno.test({
  name: "a directory that the sidecar's image may not read is told, with the one that it may",
  permissions: { read: false },
  fn: async () => {
    const one = "cannot be read: the sidecar may read files below /etc/view-gateway/tls only";
    deepEqual((await judgeDirectory("/etc", by)).problems, [`tls.crt ${one}`, `tls.key ${one}`]);
  },
});
