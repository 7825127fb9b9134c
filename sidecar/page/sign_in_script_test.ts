import { deepEqual } from "node:assert/strict";
import script from "./browser/sign_in.js" with { type: "text" };

/** What the script does in a page at this address. */
function runAt(hash: string, direct: boolean) {
  const done: string[] = [];
  const elements: Record<string, { value: string; hidden: boolean; submit: () => void }> = {};
  for (const id of ["token", "token-form", "from-link"]) {
    elements[id] = { value: "", hidden: true, submit: () => done.push(`submit ${elements.token!.value}`) };
  }
  const globals = {
    location: { hash, pathname: "/_auth/", search: "?path=%2Fa" },
    history: { replaceState: (_state: unknown, _title: string, url: string) => done.push(`address ${url}`) },
    document: {
      getElementById: (id: string) => elements[id],
      querySelector: () => ({ dataset: { direct: String(direct) } }),
    },
  };
  new Function(...Object.keys(globals), script)(...Object.values(globals));
  return { done, value: elements.token!.value, asks: !elements["from-link"]!.hidden };
}

Deno.test("the token of a link leaves the address at once, and signs in by itself where the page lets it", () => {
  deepEqual(runAt("#token=a.b-c_d.e", true), {
    done: ["address /_auth/?path=%2Fa", "submit a.b-c_d.e"],
    value: "a.b-c_d.e",
    asks: false,
  });
});

Deno.test("where another page may have led to the link, a person has to press the button", () => {
  deepEqual(runAt("#token=a.b.c", false), { done: ["address /_auth/?path=%2Fa"], value: "a.b.c", asks: true });
});

Deno.test("without a token in the address the script does nothing", () => {
  for (const hash of ["", "#", "#other=1"]) deepEqual(runAt(hash, true), { done: [], value: "", asks: false });
});
