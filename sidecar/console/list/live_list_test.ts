import { deepEqual, equal, ok } from "node:assert/strict";
import { listPage, shownView } from "../testing/pages.ts";
import { LiveList } from "./live_list.ts";

const namesIn = ({ views }: { readonly views: readonly { readonly name: string }[] }) => views.map(({ name }) => name);
const [a, b, c] = ["a", "b", "c"].map((name) => shownView(name)) as [
  ReturnType<typeof shownView>,
  ReturnType<typeof shownView>,
  ReturnType<typeof shownView>,
];

Deno.test("a change replaces one view; the others stay the same objects, so that their rows are not rendered again", () => {
  const list = new LiveList(listPage([a, b]));
  list.note("b", { ...b, phase: "awake" });
  const { views } = list.flush();
  equal(views[0], a);
  equal(views[1]?.phase, "awake");
});

Deno.test("a change that says nothing new changes nothing", () => {
  const page = listPage([a, b]);
  const list = new LiveList(page);
  list.note("b", structuredClone(b));
  list.note("z", undefined);
  equal(list.flush(), page);
});

Deno.test("new views come in order, views that are gone leave, and the number of views follows", () => {
  const list = new LiveList(listPage([a, c]));
  list.note("b", b);
  list.note("c", undefined);
  const page = list.flush();
  deepEqual(namesIn(page), ["a", "b"]);
  equal(page.total, 2);
});

Deno.test("of several changes of a view the last one counts", () => {
  const list = new LiveList(listPage([a]));
  list.note("a", { ...a, phase: "starting" });
  list.note("a", { ...a, phase: "awake" });
  equal(list.flush().views[0]?.phase, "awake");
});

Deno.test("a page in the middle of the list leaves views of other pages out", () => {
  const list = new LiveList(listPage([b, c], { query: { after: "a" }, next: "/?after=c", total: 9 }));
  for (const name of ["a", "d"]) list.note(name, shownView(name));
  list.note("bb", shownView("bb"));
  deepEqual(namesIn(list.flush()), ["b", "bb", "c"]);
});

Deno.test("a change that comes while the page is loaded again counts after it too", () => {
  const list = new LiveList(listPage([a, b]));
  list.loading();
  list.note("a", { ...a, phase: "awake" });
  list.note("b", undefined);
  list.flush();
  const page = list.loaded(listPage([a, b]));
  deepEqual(page.views.map(({ name, phase }) => `${name} ${phase}`), ["a awake"]);
  // What is as before stays the same object.
  equal(list.loaded(structuredClone(page)).views[0], page.views[0]);
  // Later loads are newer than those changes.
  list.loading();
  deepEqual(namesIn(list.loaded(listPage([a, b]))), ["a", "b"]);
});

Deno.test("the answer to an action shows at once, unless the stream has told more since", () => {
  const list = new LiveList(listPage([a, b]));
  equal(list.answered(a, { ...a, phase: "starting" }).views[0]?.phase, "starting");
  equal(list.answered(a, { ...a, phase: "asleep" }).views[0]?.phase, "starting");
  // It fits the search no more.
  list.note("b", undefined);
  deepEqual(namesIn(list.answered(b, { ...b, phase: "starting" })), ["a"]);
});

Deno.test("where too many changes wait, the page has to be loaded again, and none of them is kept", () => {
  const page = listPage([a]);
  const list = new LiveList(page);
  const kept = Array.from({ length: 501 }, (_, i) => list.note(`v${i}`, shownView(`v${i}`)));
  ok(kept.slice(0, 500).every((is) => is));
  equal(kept[500], false);
  equal(list.flush(), page);
});
