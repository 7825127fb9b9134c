import { equal } from "node:assert/strict";
import { join } from "node:path";
import { temporaryDirectory } from "../process/temporary_directory.ts";
import { apiServerReturns } from "./api_server.ts";
import { kubeconfig } from "./kubeconfig.ts";

Deno.test("an API server that is not ready at once is waited for", async () => {
  await using directory = await temporaryDirectory({ prefix: "api-server-" });
  let asked = 0;
  const answer = () => new Response(null, { status: ++asked < 3 ? 503 : 200 });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  const file = join(directory.path, "kubeconfig");
  await Deno.writeTextFile(file, kubeconfig("slow", `http://127.0.0.1:${server.addr.port}`));
  equal(await apiServerReturns(file), true);
  equal(asked, 3);
});
