import type { DetailsPage } from "../console_page.ts";

/** All about one view. */
export function ViewDetails({ page: { view } }: { readonly page: DetailsPage }) {
  return (
    <>
      <h1>{view.name}</h1>
      <p>{view.phase}</p>
    </>
  );
}
