import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { Opening } from "../access/opening.ts";
import type { ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { KEPT_SECONDS, KeptSignatures } from "./kept_signatures.ts";

const PRESENT = 1_800_000_000;
const LONG = (PRESENT + 3_600) * 1000;
const SALES = viewState(undefined, { name: "sales" });

/** The sidecar at `PRESENT`, with a view. */
function world() {
  const views = new Map<string, ViewState>([["sales", SALES]]);
  const published: string[] = [];
  const at = { now: PRESENT * 1000 + 999, clock: 0 };
  const kept = new KeptSignatures({
    views,
    publish: (generation) => published.push(generation),
    now: () => at.now,
    clock: () => at.clock,
  });
  const change = (name: string, state: ViewState | undefined) => {
    const before = views.get(name);
    if (state === undefined) views.delete(name);
    else views.set(name, state);
    kept.update(name, state, before);
  };
  return { kept, published, at, change };
}

const open = (byCookie?: true): Opening => ({
  ...{ kind: "open", identity: undefined, cookie: undefined, withoutAuthorization: false },
  ...byCookie && { byCookie },
});

Deno.test("a signature may be used again for some seconds, and not after its credentials' end", () => {
  const { kept } = world();
  deepEqual(kept.allow(SALES, undefined, LONG), { from: PRESENT, till: PRESENT + KEPT_SECONDS, own: false });
  deepEqual(kept.allow(SALES, undefined, (PRESENT + 2) * 1000 + 500), { from: PRESENT, till: PRESENT + 2, own: false });
  equal(kept.allow(SALES, undefined, (PRESENT + 1) * 1000 - 1), undefined);
  equal(kept.allow(SALES, undefined, 0), undefined);
});

Deno.test("where people sign in, it is for those whose cookie Envoy verifies, or for all if the view is public", () => {
  const { kept, change } = world();
  equal(kept.allow(SALES, open(true), LONG)?.own, true);
  equal(kept.allow(SALES, open(), LONG), undefined);
  const shown = viewState(undefined, { name: "sales", public: true });
  change("sales", shown);
  equal(kept.allow(shown, open(), LONG)?.own, false);
});

Deno.test("a change of a view whose signatures Envoy may have makes another generation, at once", () => {
  const changes: Readonly<Record<string, ViewState | undefined>> = {
    "deleted": undefined,
    "another version": { ...SALES, resourceVersion: "2" },
    "another view of the name": { ...SALES, uid: "service-2" },
  };
  for (const [what, state] of Object.entries(changes)) {
    const { kept, published, change } = world();
    kept.allow(SALES, undefined, LONG);
    change("sales", state);
    equal(published.length, 2, what);
    equal(new Set(published).size, 2);
    // Envoy has nothing of it now.
    change("sales", undefined);
    equal(published.length, 2, what);
  }
});

Deno.test("what is no change, and changes of views that nobody reads, leave Envoy what it has", () => {
  const { kept, published, change } = world();
  kept.allow(SALES, undefined, LONG);
  change("sales", { ...SALES, phase: { kind: "awake", job: "job-1", serving: [] } });
  change("other", viewState(undefined, { name: "other" }));
  change("other", undefined);
  equal(published.length, 1);
});

Deno.test("a view that has changed while the sidecar decided gets no permission: nobody would take it back", () => {
  const { kept, published, change } = world();
  change("sales", { ...SALES, resourceVersion: "2" });
  equal(kept.allow(SALES, undefined, LONG), undefined);
  change("sales", undefined);
  equal(kept.allow(SALES, undefined, LONG), undefined);
  equal(published.length, 1);
});

Deno.test("a sidecar that starts takes back what Envoy has of the one before", () => {
  const [before, after] = [world(), world()];
  equal(before.published.length, 1);
  // The clocks of two sidecars of one pod differ by at least the time of a start.
  const later: string[] = [];
  new KeptSignatures({
    views: new Map(),
    publish: (generation) => later.push(generation),
    now: () => after.at.now + 1,
    clock: () => 0,
  });
  notEqual(later[0], before.published[0]);
});

Deno.test("a view is remembered for longer than Envoy may keep anything, and no more views than a limit", () => {
  const { kept, published, at, change } = world();
  kept.allow(SALES, undefined, LONG);
  at.clock = 10 * KEPT_SECONDS * 1000;
  change("sales", { ...SALES, resourceVersion: "2" });
  equal(published.length, 2);

  const allowed = (name: string) => {
    const view = viewState(undefined, { name });
    change(name, view);
    return kept.allow(view, undefined, LONG) !== undefined;
  };
  for (let i = 0; i < 10_000; i++) equal(allowed(`view-${i}`), true);
  equal(allowed("one-more"), false);
  at.clock += 60_000;
  equal(allowed("one-more"), true);
});
