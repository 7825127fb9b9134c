import { deepEqual, equal, match } from "node:assert/strict";
import { serviceOf, SPEC_ANNOTATION, specOf as specWithin, type ViewService } from "./service.ts";
import { leaseBounds } from "./testing/lease_bounds.ts";

const spec = { subsets: [{ bucket: "lake", prefix: "sales/", access: "read" as const }], idleSeconds: 60 };

const specOf = (service: ViewService) => specWithin(service, leaseBounds);

const service = (change: Partial<ViewService> = {}): ViewService => ({
  name: "hello",
  headless: true,
  spec: JSON.stringify(spec),
  selector: { "view.yolean.se/name": "hello" },
  ports: [{ name: "http", port: 80, targetPort: "http" }],
  ...change,
});

const invalid = (change: Partial<ViewService>) => {
  const result = specOf(service(change));
  return "invalid" in result ? result.invalid : "";
};

Deno.test("a view's Service is headless, selects its pods and holds the spec", () => {
  const created = serviceOf({ name: "hello", spec, owner: undefined }, { team: "sales" });
  equal(created.spec?.clusterIP, "None");
  equal(created.spec?.publishNotReadyAddresses, true);
  deepEqual(created.spec?.selector, { "view.yolean.se/name": "hello" });
  deepEqual(created.metadata?.labels, {
    "view.yolean.se/name": "hello",
    "app.kubernetes.io/managed-by": "view-gateway",
    team: "sales",
  });
  deepEqual(JSON.parse(created.metadata!.annotations![SPEC_ANNOTATION]!), spec);
});

Deno.test("a Service created by hand is a view like one created by the API", () => {
  deepEqual(specOf(service()), { spec });
});

Deno.test("all problems of a Service are reported", () => {
  match(invalid({ name: "7th" }), /not an RFC 1035 label/);
  match(invalid({ headless: false }), /not headless: set spec.clusterIP to None/);
  match(invalid({ selector: { app: "hello" } }), /set spec.selector to view.yolean.se\/name: hello/);
  match(invalid({ ports: [] }), /has no port: set spec.ports to/);
  match(invalid({ headless: false, spec: undefined }), /not headless: .* has no annotation/);
  match(invalid({ spec: undefined }), /no annotation view.yolean.se\/spec/);
  match(invalid({ spec: "{" }), /is not JSON/);
  match(
    invalid({ spec: '{"subsets": [{}], "colour": 1}' }),
    /\/colour is not known: .*; \/subsets\/0\/bucket is missing/,
  );
  match(invalid({ spec: "null" }), /the value must be an object/);
  match(
    invalid({ spec: '{"subsets": [{"bucket": "lake", "prefix": "a/../b"}]}' }),
    /\/subsets\/0\/prefix must not have/,
  );
});

Deno.test("a spec written by hand must be within the gateway's bounds, as in the API", () => {
  const spec = (change: object) => invalid({ spec: JSON.stringify({ subsets: [], ...change }) });
  match(spec({ maxLifetimeSeconds: 1 }), /\/maxLifetimeSeconds must be from 10 to 604800 seconds: a view needs/);
  match(spec({ idleSeconds: 99_999_999 }), /\/idleSeconds must be from 10 to 86400 seconds/);
  match(spec({ subsets: [{ bucket: "lake", prefix: "/" }] }), /\/subsets\/0\/prefix must not have an empty segment/);
  equal(spec({ idleSeconds: 10, maxLifetimeSeconds: 10, subsets: [{ bucket: "lake", prefix: "sales/" }] }), "");
});

Deno.test("subsets with too long a policy make the spec invalid", () => {
  const subsets = Array.from({ length: 64 }, (_, i) => ({ bucket: "lake", prefix: `department-${i}/reports/` }));
  match(invalid({ spec: JSON.stringify({ subsets }) }), /\/subsets need a session policy of \d+ characters/);
});
