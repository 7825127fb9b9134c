import type { EditPage } from "../console_page.ts";

/** The form of a view that exists. */
export function EditForm({ page }: { readonly page: EditPage }) {
  return <h1>Change {page.view.name}</h1>;
}
