import type { NewPage } from "../console_page.ts";

/** The form of a new view. */
export function NewForm({ page }: { readonly page: NewPage }) {
  return (
    <>
      <h1>New view</h1>
      <p>Templates: {page.templates.items.map(({ name }) => name).join(", ")}</p>
    </>
  );
}
