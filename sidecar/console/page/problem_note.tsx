import type { Problem } from "@view-gateway/types";
import type { ContactPoint } from "../console_page.ts";
import { ContactLink } from "./contact_link.tsx";

export interface ProblemNoteProps {
  readonly problem: Problem;
  readonly contact?: ContactPoint | undefined;
  /** Whether a heading above has the problem's title. */
  readonly hasHeading?: boolean;
}

/** What went wrong, shown where it happened. */
export function ProblemNote({ problem, contact, hasHeading = false }: ProblemNoteProps) {
  return (
    <div class="problem" role="alert">
      <p>
        {!hasHeading && <b>{problem.title}.</b>} {problem.detail}
      </p>
      {problem.status === 401 && (
        <p>
          <a href="">Sign in again</a>
        </p>
      )}
      {contact !== undefined && isBeyondReader(problem) && (
        <p>
          Ask <ContactLink contact={contact} />.
        </p>
      )}
    </div>
  );
}

/** Whether the reader cannot mend it alone: a right is missing, a view cannot start, or something is broken. */
function isBeyondReader({ status, type }: Problem): boolean {
  return status === 403 || status >= 500 || type === "urn:view-gateway:view-failed";
}
