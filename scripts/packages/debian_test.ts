import assert from "node:assert/strict";
import { toInstall } from "./debian.ts";

Deno.test("what a package lacks is read from apt-get's simulation", () => {
  const simulation = `Reading package lists...
The following NEW packages will be installed:
  docker.io tini
Inst tini (0.19.0-1+b3 Debian:12.15/oldstable [amd64])
Inst docker.io (20.10.24+dfsg1-1 Debian:12.15/oldstable [amd64])
Conf tini (0.19.0-1+b3 Debian:12.15/oldstable [amd64])
`;
  assert.deepEqual(toInstall(simulation), ["tini", "docker.io"]);
  assert.deepEqual(toInstall("docker.io is already the newest version.\n"), []);
});
