import type { ListPage } from "../console_page.ts";
import { ContactLink } from "../page/contact_link.tsx";
import { CopyBlock } from "../page/copy_block.tsx";

/** What a list without rows says: why, and what to do. */
export function EmptyList({ page }: { readonly page: ListPage }) {
  const { after, ...filters } = page.query;
  if (Object.keys(filters).length > 0) return <NoneFits />;
  return after === undefined ? <NoView page={page} /> : (
    <section class="empty">
      <h2>The list ends before this page</h2>
      <p>
        <a class="button" href="/">First page</a>
      </p>
    </section>
  );
}

function NoneFits() {
  return (
    <section class="empty">
      <h2>No view fits</h2>
      <p>No view that you may see has this name, phase and owner.</p>
      <p>
        <a class="button" href="/">Show all views</a>
      </p>
    </section>
  );
}

function NoView({ page }: { readonly page: ListPage }) {
  const { visitor, contact, canCreate } = page;
  return (
    <section class="empty">
      <h2>{visitor === undefined ? "There is no view yet" : "There is no view that you may open"}</h2>
      <p>
        A view is a small web application over a part of the data lake. It has an address of its own. It sleeps while
        nobody uses it, and wakes on the first request.
      </p>
      {canCreate ? <HowToCreate page={page} /> : (
        <p>
          You may not create views. The owner of a view can share it with you
          {contact === undefined ? ", and the people who run the gateway" : (
            <>
              , and <ContactLink contact={contact} />
            </>
          )} can give you the right to create some.
        </p>
      )}
    </section>
  );
}

function HowToCreate({ page: { origin, visitor, manifest } }: { readonly page: ListPage }) {
  return (
    <>
      <p>
        <a class="button" href="/new">Create a view</a>
      </p>
      <p>Or create one in a terminal:</p>
      <CopyBlock label="The command with curl" text={curlCommand(origin, visitor !== undefined)} />
      {manifest !== undefined && <CopyBlock label="The command with kubectl" text={kubectlCommand(manifest)} />}
    </>
  );
}

/** @param signsIn whether people sign in, so that a program needs a token */
function curlCommand(origin: string, signsIn: boolean): string {
  return [
    `curl ${origin}/_api/views`,
    ...signsIn ? [`  -H "Authorization: Bearer $TOKEN"`] : [],
    "  -H 'Content-Type: application/json'",
    `  -d '{"name": "hello", "subsets": []}'`,
  ].join(" \\\n");
}

/** The namespace is that of the reader's kubeconfig: the gateway tells its own to nobody. */
function kubectlCommand(manifest: string): string {
  return `kubectl apply -f - <<'END'\n${manifest.trimEnd()}\nEND`;
}
