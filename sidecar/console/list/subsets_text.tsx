import type { Subset } from "@view-gateway/types";

/** Most subsets that a row names. */
const NAMED = 2;

/** A view's subsets in short: the first ones, and how many more there are. */
export function SubsetsText({ subsets }: { readonly subsets: readonly Subset[] | undefined }) {
  if (subsets === undefined || subsets.length === 0) return <>–</>;
  return (
    <ul>
      {subsets.slice(0, NAMED).map(({ bucket, prefix = "", access }) => (
        <li key={`${bucket}/${prefix}`}>
          <code title={`${bucket}/${prefix}`}>{`${bucket}/${prefix}`}</code>
          {access === "readwrite" && <small class="badge">writes</small>}
        </li>
      ))}
      {subsets.length > NAMED && <li>and {subsets.length - NAMED} more</li>}
    </ul>
  );
}
