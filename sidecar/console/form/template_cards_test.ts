import { deepEqual } from "node:assert/strict";
import { templateCards } from "./template_cards.ts";

const templates = [{ name: "default", isDefault: true }, { name: "duckdb", isDefault: false }];
const cards = (chosen: string, stored?: string) =>
  templateCards(templates, chosen, stored).map(({ template, value, isChosen }) =>
    `${isChosen ? "●" : "○"} ${template.name} → "${value}"${template.problem === undefined ? "" : " broken"}`
  );

Deno.test("a new view has the default template, without its name: the default may change later", () => {
  deepEqual(cards(""), ['● default → ""', '○ duckdb → "duckdb"']);
  deepEqual(cards("duckdb"), ['○ default → ""', '● duckdb → "duckdb"']);
});

Deno.test("a view that names the default template goes on to name it", () => {
  deepEqual(cards("duckdb", "default"), ['○ default → "default"', '● duckdb → "duckdb"']);
});

Deno.test("a template that is gone is shown while the view has it, and can be chosen back", () => {
  deepEqual(cards("old", "old"), ['○ default → ""', '○ duckdb → "duckdb"', '● old → "old" broken']);
  deepEqual(cards("", "old"), ['● default → ""', '○ duckdb → "duckdb"', '○ old → "old" broken']);
});

Deno.test("a link to the choice leads to what is chosen", () => {
  deepEqual(templateCards(templates, "duckdb", undefined).map(({ isFirst }) => isFirst), [false, true]);
  deepEqual(
    templateCards([{ name: "a", isDefault: false, problem: "broken" }, ...templates.slice(1)], "", "")
      .map(({ isFirst }) => isFirst),
    [false, true],
  );
});
