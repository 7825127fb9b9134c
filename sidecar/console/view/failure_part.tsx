import type { DetailsPage } from "../console_page.ts";
import { ContactLink } from "../page/contact_link.tsx";

/** Why the view has failed, what it logged, and what to do. */
export function FailurePart({ page: { view, advice, contact } }: { readonly page: DetailsPage }) {
  const { cause, logLines } = view;
  if (cause === undefined) return null;
  return (
    <section class="failure" aria-labelledby="failure">
      <h2 id="failure">Why it has failed</h2>
      <p>
        <b class="reason">{cause.reason}</b>
      </p>
      {cause.message !== "" && <p class="message" dir="auto">{cause.message}</p>}
      {advice !== undefined && (
        <p>
          <b>What to do:</b> {advice}
          {contact !== undefined && (
            <>
              {" "}
              If you cannot mend it, ask <ContactLink contact={contact} />.
            </>
          )}
        </p>
      )}
      {logLines !== undefined && logLines.length > 0 && (
        <>
          <h3 id="log">The last lines of its log</h3>
          <pre class="log" tabIndex={0} role="region" aria-labelledby="log">{logLines.join("\n")}</pre>
        </>
      )}
    </section>
  );
}
