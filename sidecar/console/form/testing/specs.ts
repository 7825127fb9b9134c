import type { View } from "@view-gateway/types";
import fc from "fast-check";

const label = fc.constantFrom("a", "sales", "2024", "x_y", "é");
const prefix = fc.array(label, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join("/")}/`);
const names = fc.array(fc.constantFrom("oidc:anna", "oidc:bob of sales", "system:serviceaccount:views:ci"), {
  minLength: 1,
  maxLength: 3,
});
const seconds = fc.integer({ min: 30, max: 200_000 });

/** Specs that say nothing that they could leave out. */
export const terseSpecs: fc.Arbitrary<View> = fc.record({
  subsets: fc.array(
    fc.record(
      { bucket: fc.constantFrom("lake", "other.lake"), prefix, access: fc.constant<"readwrite">("readwrite") },
      { requiredKeys: ["bucket"] },
    ),
    { maxLength: 4 },
  ),
  template: fc.constantFrom("default", "duckdb"),
  idleSeconds: seconds,
  maxLifetimeSeconds: seconds,
  access: fc.record({ users: names, groups: names, everyone: fc.constant(true) }, { requiredKeys: [] })
    .filter((access) => Object.keys(access).length > 0),
  public: fc.constant(true),
}, { requiredKeys: ["subsets"] });

/** Specs as programs may write them too: with members that say what is so anyway. */
export const wordySpecs: fc.Arbitrary<View> = fc.record({
  subsets: fc.array(
    fc.record(
      {
        bucket: fc.constantFrom("lake", "other.lake"),
        prefix: fc.oneof(prefix, prefix.map((text) => text.slice(0, -1)), fc.constant("")),
        access: fc.constantFrom<("read" | "readwrite")[]>("read", "readwrite"),
      },
      { requiredKeys: ["bucket"] },
    ),
    { maxLength: 4 },
  ),
  template: fc.constantFrom("default", "duckdb"),
  idleSeconds: seconds,
  maxLifetimeSeconds: seconds,
  access: fc.record({
    users: fc.oneof(names, fc.constant<string[]>([])),
    groups: fc.oneof(names, fc.constant<string[]>([])),
    everyone: fc.boolean(),
  }, { requiredKeys: [] }),
  public: fc.boolean(),
}, { requiredKeys: ["subsets"] });
