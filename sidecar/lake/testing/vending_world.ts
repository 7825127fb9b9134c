import { pause } from "../../async/pause.ts";
import type { AssumeRole } from "../assume_role.ts";
import { SessionCredentials } from "../session_credentials.ts";
import { type LakeView, Vending } from "../vending.ts";
import type { VendingTiming } from "../vending_options.ts";
import { FakeSecrets } from "./secrets.ts";
import { lakeSettings } from "./settings.ts";

export const lakeView: LakeView = {
  name: "hello",
  uid: "service-1",
  spec: { subsets: [{ bucket: "lake", prefix: "sales/" }] },
};

const settings = lakeSettings("http://s3");

/** A world with one clock, one Kubernetes, one STS and any number of replicas. */
export class World {
  readonly secrets = new FakeSecrets();
  readonly stop = new AbortController();
  readonly vendings: Vending[] = [];
  readonly told: string[] = [];
  readonly faults: unknown[] = [];
  now = Date.UTC(2026, 0, 1);
  life = 900_000;
  calls = 0;
  policies: string[] = [];
  fail: (() => Error) | undefined;
  hang = false;

  readonly assumeRole: AssumeRole = async (_view, policy, signal) => {
    const call = ++this.calls;
    this.policies.push(policy);
    await pause(this.hang ? 60_000 : 30, signal);
    if (this.fail) throw this.fail();
    const keys = { accessKeyId: `AKIA${call}`, secretAccessKey: `hush-${call}`, sessionToken: `token-${call}` };
    return new SessionCredentials(keys, this.now, this.now + this.life);
  };

  replica(timing: Partial<VendingTiming> = {}, assumeRole = this.assumeRole): Vending {
    const vending = new Vending({
      secrets: this.secrets,
      assumeRole,
      settings,
      required: {},
      now: () => this.now,
      clock: () => performance.now(),
      random: Math.random,
      pause,
      signal: this.stop.signal,
      onFault: (_name, error) => this.faults.push(error),
      onAssumed: (name, cause) => this.told.push(`${name} ${cause?.reason ?? "made"}`),
      timing: { look: 10, again: 0, ...timing },
    });
    this.vendings.push(vending);
    return vending;
  }

  async [Symbol.asyncDispose]() {
    this.stop.abort(new Error("The sidecar stops."));
    await Promise.all(this.vendings.map((vending) => vending.idle()));
  }
}
