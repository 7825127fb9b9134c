import { deepEqual, equal } from "node:assert/strict";
import { Map } from "immutable";
import { CLUSTER, type Resource } from "../proto/resource.ts";
import type { Resources } from "./resource_set.ts";
import { nextAddition, nextRemoval, RESPONSE_LIMITS, type ResponseLimits } from "./response.ts";
import { changed, NO_SUBSCRIPTION, receive, type Request, type Subscription } from "./subscription.ts";

const EVERYTHING: Request = { subscribe: ["*"], unsubscribe: [], initialVersions: {}, nonce: "", error: undefined };

/** Resources of these many bytes, named by their place, each in its first version. */
function resources(...bytes: number[]): Resources {
  return Map(bytes.map((length, i): [string, Resource] => {
    const name = String(i);
    return [name, { type: CLUSTER, name, version: "1", body: new Uint8Array(length) }];
  }));
}

function asked(resources: Resources): Subscription {
  return receive(NO_SUBSCRIPTION, EVERYTHING, resources, 0).subscription;
}

/** How many resources each response has that is sent before the client answers. */
function sizes(before: Subscription, resources: Resources, limits: Partial<ResponseLimits>): number[] {
  const found: number[] = [];
  while (true) {
    const next = nextAddition(before, resources, String(found.length), { ...RESPONSE_LIMITS, ...limits });
    if (next === undefined) return found;
    found.push(next.response.set.length);
    before = next.subscription;
  }
}

Deno.test("a response has a limited number of resources, and the rest comes in the next", () => {
  const seven = resources(1, 1, 1, 1, 1, 1, 1);
  deepEqual(sizes(asked(seven), seven, { resources: 3 }), [3, 3, 1]);
});

Deno.test("a response has a limited number of bytes", () => {
  const five = resources(40, 40, 40, 40, 40);
  deepEqual(sizes(asked(five), five, { bytes: 100 }), [2, 2, 1]);
});

Deno.test("a resource that is larger than a response may be goes alone", () => {
  const large = resources(500, 500);
  deepEqual(sizes(asked(large), large, { bytes: 100 }), [1, 1]);
});

Deno.test("a client with too many unanswered responses gets no more of the type, neither additions nor removals", () => {
  const four = resources(1, 1, 1, 1);
  const limits = { ...RESPONSE_LIMITS, resources: 1, unanswered: 2 };
  let subscription = asked(four);
  for (const nonce of ["1", "2"]) subscription = nextAddition(subscription, four, nonce, limits)!.subscription;
  const fewer = four.delete("0").delete("1").delete("2").delete("3");
  const emptied = changed(subscription, four.keys(), fewer);
  equal(nextAddition(subscription, four, "3", limits), undefined);
  equal(nextRemoval(emptied, "3", limits), undefined);

  const ack = { ...EVERYTHING, subscribe: [], nonce: "1" };
  equal(nextAddition(receive(subscription, ack, four, 0).subscription, four, "3", limits)?.response.set.length, 1);
  equal(nextRemoval(receive(emptied, ack, fewer, 0).subscription, "3", limits)?.response.removed.length, 1);
});

Deno.test("what changes while there is no room is merged", () => {
  const limits = { ...RESPONSE_LIMITS, unanswered: 1 };
  const one = resources(1);
  const sent = nextAddition(asked(one), one, "1", limits)!.subscription;
  const version = (version: string) => one.map((resource) => ({ ...resource, version }));
  const twice = changed(changed(sent, ["0"], version("2")), ["0"], version("3"));
  const { subscription } = receive(twice, { ...EVERYTHING, subscribe: [], nonce: "1" }, version("3"), 0);
  const next = nextAddition(subscription, version("3"), "2", limits);
  deepEqual(next?.response.set.map(({ version }) => version), ["3"]);
  equal(nextAddition(next!.subscription, version("3"), "3", RESPONSE_LIMITS), undefined);
});

Deno.test("removals have a limit, too", () => {
  const three = resources(1, 1, 1);
  const sent = nextAddition(asked(three), three, "1", RESPONSE_LIMITS)!.subscription;
  const emptied = changed(sent, three.keys(), Map());
  const first = nextRemoval(emptied, "2", { ...RESPONSE_LIMITS, resources: 2 })!;
  const second = nextRemoval(first.subscription, "3", { ...RESPONSE_LIMITS, resources: 2 })!;
  deepEqual([first.response.removed.length, second.response.removed.length], [2, 1]);
  deepEqual([...first.response.removed, ...second.response.removed].toSorted(), ["0", "1", "2"]);
  equal(nextRemoval(second.subscription, "4", RESPONSE_LIMITS), undefined);
});
