import type { JsonWebKey } from "node:crypto";
import { ApiException } from "@kubernetes/client-node";
import { core, ifThere } from "../cluster/cluster.ts";
import { until } from "../until.ts";

/** Where all gateways have the session keys. */
const NAME = "view-gateway-keys";

/** One generation of keys: sidecar/session/key_secret.ts. */
export interface SessionKey {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly madeAt: number;
  /** Signs views' cookies. */
  readonly view: JsonWebKey;
}

/** The keys that the gateways have, the newest first. There are none while there is no Secret. */
export async function sessionKeys(namespace: string): Promise<readonly SessionKey[]> {
  const secret = await ifThere(core.readNamespacedSecret({ namespace, name: NAME }));
  return keysIn(secret?.data);
}

/** Makes all keys older by some seconds, as if time had passed. */
export async function ageSessionKeys(namespace: string, seconds: number): Promise<void> {
  await until("the keys are older", async () => {
    const secret = await core.readNamespacedSecret({ namespace, name: NAME });
    const aged = keysIn(secret.data).map((key) => ({ ...key, madeAt: key.madeAt - seconds }));
    const data = { ...secret.data, keys: Buffer.from(JSON.stringify(aged)).toString("base64") };
    const writing = core.replaceNamespacedSecret({ namespace, name: NAME, body: { ...secret, data } });
    return await writing.then(() => true, falseOnConflict);
  });
}

export async function deleteSessionKeys(namespace: string): Promise<void> {
  await core.deleteNamespacedSecret({ namespace, name: NAME });
}

/** Ends all sessions: docs/ACCESS.md. */
export async function endAllSessions(namespace: string): Promise<void> {
  const body = [{ op: "remove", path: "/data" }];
  await core.patchNamespacedSecret({ namespace, name: NAME, body });
}

function keysIn(data: Readonly<Record<string, string>> | undefined): readonly SessionKey[] {
  return data?.keys === undefined ? [] : JSON.parse(Buffer.from(data.keys, "base64").toString());
}

/** A gateway may write at the same time. */
function falseOnConflict(error: unknown): false {
  if (error instanceof ApiException && error.code === 409) return false;
  throw error;
}
