import type { DetailsPage } from "../console_page.ts";

/** A longer table scrolls in itself. */
const ROWS_SEEN = 10;

/** What the view may use of the lake. */
export function SubsetsTable({ page: { view: { subsets } } }: { readonly page: DetailsPage }) {
  if (subsets === undefined) return null;
  const scrolls = subsets.length > ROWS_SEEN;
  return (
    <section aria-labelledby="subsets">
      <h2 id="subsets">
        {subsets.length > 1 ? `Its ${subsets.length} subsets of the lake` : "Its subsets of the lake"}
      </h2>
      {subsets.length === 0
        ? <p>It has none: it gets no data of the lake.</p>
        : (
          <div class="scroll" {...scrolls && { tabIndex: 0, role: "group", "aria-label": "The subsets" }}>
            <table class="subsets-of-view">
              <thead>
                <tr>
                  <th scope="col">Bucket</th>
                  <th scope="col">Prefix</th>
                  <th scope="col">Access</th>
                </tr>
              </thead>
              <tbody>
                {subsets.map(({ bucket, prefix = "", access = "read" }) => (
                  <tr key={`${bucket}/${prefix}`}>
                    <td>
                      <code>{bucket}</code>
                    </td>
                    <td>{prefix === "" ? "the whole bucket" : <code>{prefix}</code>}</td>
                    <td>{access === "readwrite" ? "reads and writes" : "reads"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </section>
  );
}
