import type { ViewResource } from "../client/api_client.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { View, Whoami } from "../gateway/view.ts";
import { Tally } from "../outcome/tally.ts";
import { KINDS, stableOf } from "./view_kinds.ts";

interface Kept {
  readonly view: View;
  readonly resource: ViewResource;
  /** The pod of a view that is awake. */
  readonly pod: string | undefined;
}

/** Views that one version has made, asleep and awake, for another version to find when it is there alone. */
export class KeptViews {
  readonly tally = new Tally();
  readonly views: View[] = [];
  /** What was found otherwise than it was left. */
  readonly wrong: string[] = [];
  #kept: readonly Kept[] = [];

  /** Makes views of each kind. */
  async keep(gateway: Gateway): Promise<void> {
    const wanted = KINDS.flatMap((spec) => [{ spec, awake: true }, { spec, awake: false }]);
    const all = [...wanted, { spec: { template: "default-warm" }, awake: true }];
    this.#kept = await Promise.all(all.map(async ({ spec, awake }) => {
      const view = await gateway.create("kept", spec);
      this.views.push(view);
      const pod = awake ? (await view.whoami()).pod : undefined;
      return { view, pod, resource: await view.resource() };
    }));
  }

  /** Each is as it was, an awake one still has its pod, and one that slept wakes. */
  async find(): Promise<void> {
    await Promise.all(this.#kept.map(async ({ view, resource, pod }) => {
      const now = await view.resource();
      if (stableOf(now) !== stableOf(resource)) {
        this.wrong.push(`${view.name} was ${stableOf(resource)} and is ${stableOf(now)}.`);
      }
      const answer = await this.tally.count(view.ask({ path: "/whoami" }));
      if (answer?.status !== 200) return;
      const found: Whoami = answer.json();
      if (found.view !== view.name) this.wrong.push(`${view.name} was answered by ${found.view}.`);
      if (pod !== undefined && found.pod !== pod) this.wrong.push(`${view.name} has lost its pod.`);
    }));
  }
}
