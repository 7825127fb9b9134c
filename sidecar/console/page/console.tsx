import type { ConsolePage } from "../console_page.ts";
import { EditForm } from "../form/edit_form.tsx";
import { NewForm } from "../form/new_form.tsx";
import { ViewsList } from "../list/views_list.tsx";
import { ViewDetails } from "../view/view_details.tsx";
import { ProblemNote } from "./problem_note.tsx";
import { Shell } from "./shell.tsx";

/** A whole page, as the server renders it and as the browser goes on with it. */
export function Console({ page }: { readonly page: ConsolePage }) {
  return (
    <Shell page={page}>
      <Content page={page} />
    </Shell>
  );
}

function Content({ page }: { readonly page: ConsolePage }) {
  switch (page.page) {
    case "list":
      return <ViewsList page={page} />;
    case "view":
      return <ViewDetails page={page} />;
    case "new":
      return <NewForm page={page} />;
    case "edit":
      return <EditForm page={page} />;
    case "problem":
      return (
        <>
          <h1>{page.problem.title}</h1>
          <ProblemNote problem={page.problem} contact={page.contact} hasHeading />
          <p>
            <a href="/">All views</a>
          </p>
        </>
      );
  }
}
