import type { ViewResource } from "@view-gateway/types";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { callApi } from "../api_client.ts";
import type { NewPage } from "../console_page.ts";
import { useAnnounce } from "../page/announce.ts";
import { FormFrame } from "./form_frame.tsx";
import { ScriptlessNote } from "./scriptless_note.tsx";
import { useViewForm } from "./use_view_form.ts";
import { formOf, specOfForm } from "./view_form.ts";

/** The form of a new view. */
export function NewForm({ page }: { readonly page: NewPage }) {
  const { limits, templates, origin, visitor, contact } = page;
  const session = useViewForm(formOf("", { subsets: [] }, limits.times), limits);
  const [created, setCreated] = useState<ViewResource>();
  const announce = useAnnounce();
  const create = async (button: string) => {
    const { name } = session.form;
    const sent = await session.send(() =>
      callApi<ViewResource>("POST", "/_api/views", { body: { name, ...specOfForm(session.form) } })
    );
    if (sent === undefined) return;
    setCreated(sent.value);
    announce(`View ${name} is created.`);
    location.assign(button === "open" ? sent.value.route.url : `/views/${name}`);
  };
  if (created !== undefined) return <Created view={created} />;
  return (
    <>
      <h1>New view</h1>
      <p class="lead">A view is a small web application over the part of the lake that you choose.</p>
      <ScriptlessNote origin={origin} needsToken={visitor !== undefined} />
      <FormFrame
        session={session}
        setting={{ limits, templates: templates.items, origin, visitor, contact }}
        onSubmit={create}
        buttons={
          <>
            <button type="submit" value="create" aria-disabled={session.isSending}>Create the view</button>
            <button type="submit" value="open" class="quiet" aria-disabled={session.isSending}>
              Create and open it
            </button>
            <a href="/">Cancel</a>
          </>
        }
      />
    </>
  );
}

/** Stays only where the browser goes nowhere else. */
function Created({ view: { name, route } }: { readonly view: ViewResource }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>View {name} is created</h1>
      <p class="buttons">
        <a class="button" href={`/views/${name}`}>Look at it</a>
        <a class="button quiet" href={route.url}>Open it</a>
        <a class="button quiet" href="/new">Create another one</a>
      </p>
    </>
  );
}
