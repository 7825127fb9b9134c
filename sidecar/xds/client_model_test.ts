import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { CLUSTER, cluster } from "../proto/resource.ts";
import { NEW_CLIENT, nextResponse, receiveChange, receiveRequest, subscriptionOf } from "./client.ts";
import { apply, type Change, EMPTY_SET } from "./resource_set.ts";
import type { Request } from "./subscription.ts";
import { ModelClient } from "./testing/model_client.ts";

Deno.test("whatever happens in whatever order, a client ends up with what is published, less what it refuses", () => {
  const names = ["a", "b", "c", "d", "e"];
  const name = fc.constantFrom(...names);
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("set" as const), name, version: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), name }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("answer" as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("subscribe" as const), name }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("unsubscribe" as const), name }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("reconnect" as const) }) },
  );
  const limits = { resources: 3, bytes: 1 << 20, unanswered: 2 };
  const made = (name: string, version: number) => cluster({ name, connectTimeout: { seconds: version } });
  // The client refuses every version 0.
  const refused = new Set(names.map((name) => made(name, 0).version));

  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { maxLength: 40 }), (wildcard, steps) => {
      const model = new ModelClient({ wildcard, bad: (version) => refused.has(version) });
      let set = EMPTY_SET;
      let client = NEW_CLIENT;
      const say = (asked: Request | undefined) => {
        if (asked !== undefined) client = receiveRequest(client, CLUSTER, asked, { set, now: 0 }).client;
        flush();
      };
      const flush = () => {
        for (
          let found = nextResponse(client, set, limits);
          found !== undefined;
          found = nextResponse(client, set, limits)
        ) {
          client = found.client;
          model.receive(found.response);
        }
      };
      const change = (change: Change) => {
        const applied = apply(set, change);
        set = applied.set;
        client = receiveChange(client, applied.changed, set);
        flush();
      };
      say(model.connect());
      for (const step of steps) {
        switch (step.kind) {
          case "set":
            change({ set: [made(step.name, step.version)], removed: [] });
            break;
          case "remove":
            change({ set: [], removed: [{ type: CLUSTER, name: step.name }] });
            break;
          case "answer":
            say(model.answer());
            break;
          case "subscribe":
            say(model.subscribe(step.name));
            break;
          case "unsubscribe":
            say(model.unsubscribe(step.name));
            break;
          case "reconnect":
            client = NEW_CLIENT;
            say(model.connect());
        }
      }
      for (let i = 0; model.waits; i++) {
        if (i === 1_000) throw new Error("the server does not come to rest");
        say(model.answer());
      }

      const published = [...set.get(CLUSTER)?.values() ?? []].filter(({ name }) => model.wanted(name));
      const { versions, nacks } = subscriptionOf(client, CLUSTER);
      for (const { name, version } of published) {
        if (refused.has(version)) {
          equal(nacks.get(name)?.version, version, `${name} is refused, and that is known`);
        } else {
          equal(model.has.get(name), version, `the client has ${name}`);
          equal(versions.get(name)?.acked, version, `the server knows that the client has ${name}`);
        }
      }
      deepEqual([...model.has.keys()].filter((name) => !set.get(CLUSTER)?.has(name)), [], "what is removed is gone");
      for (const name of nacks.keys()) equal(refused.has(set.get(CLUSTER)?.get(name)?.version ?? ""), true, name);
    }),
    { numRuns: 500 },
  );
});
