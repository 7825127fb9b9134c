import { deepEqual, ok } from "node:assert/strict";
import { CommandError, runCommand } from "../../../scripts/process/command.ts";
import { clusterTest } from "../../../sidecar/kubernetes/testing/namespace.ts";
import { withAccount } from "../../testing/deployed_account.ts";

const runbook = await Deno.readTextFile(new URL("../../../docs/RUNBOOK.md", import.meta.url));

/** All commands of the runbook, each once. */
const commands = [
  ...new Set([...runbook.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trimEnd().split("\n"))),
];

/** They need a node, metrics, cert-manager or a certificate. */
const NEEDS_MORE = /kubectl logs|\/proxy|kubectl top|certificaterequests|openssl|^gateway_(logs|says) /;

const tried = commands.filter((command) => !NEEDS_MORE.test(command));

clusterTest("the commands of the runbook work, and the gateway has each right that they ask for", async (views) => {
  ok(tried.length > 15, String(tried.length));
  await withAccount(views, async ({ namespaces, user }) => {
    const failed: string[] = [];
    for (const command of tried) {
      const mine = command
        .replaceAll("system:serviceaccount:view-gateway:view-gateway", user)
        .replaceAll("--namespace=view-gateway", `--namespace=${namespaces.gateway}`)
        .replaceAll("--namespace=views", `--namespace=${namespaces.views}`);
      // `kubectl auth can-i` fails where the answer is no.
      await runCommand("bash", ["-c", mine]).catch((error) => {
        if (!(error instanceof CommandError)) throw error;
        failed.push(error.message);
      });
    }
    deepEqual(failed, []);
  });
});

Deno.test("the runbook asks only for parts of the sidecar that log", async () => {
  const asked = new Set(commands.flatMap((command) => /^gateway_logs (\S+)$/.exec(command)?.[1] ?? []));
  const sources = await runCommand("grep", [
    "-rhoE",
    'logger\\("[a-z-]+"\\)',
    new URL("../../../sidecar", import.meta.url).pathname,
  ]);
  const parts = new Set([...sources.matchAll(/"([a-z-]+)"/g)].map(([, part]) => part));
  deepEqual([...asked].filter((part) => !parts.has(part)), []);
});
