import { deepEqual, equal, rejects } from "node:assert/strict";
import { asyncBufferFromUrl, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { NEIGHBOURS, OWN, ROWS, SalesLake } from "./sales_lake.ts";

// hyparquet leaves the body of an error unread.
const options = { sanitizeResources: false };

Deno.test("hyparquet reads rows of a view's own files through the gateway, and no others", options, async (t) => {
  await using lake = await SalesLake.start();
  const open = (key: string) => asyncBufferFromUrl({ url: `${lake.below}/lake/${key}` });

  for (const key of OWN) {
    await t.step(key, async () => {
      const file = await open(key);
      equal(Number((await parquetMetadataAsync(file)).num_rows), ROWS);
      const rows = await parquetReadObjects({ file, rowStart: 10, rowEnd: 12 });
      deepEqual(rows, [{ id: 10n, name: "order 10" }, { id: 11n, name: "order 11" }]);
    });
  }

  for (const key of NEIGHBOURS) {
    await t.step(`${key} is denied`, () => rejects(open(key), /403/));
  }
});
