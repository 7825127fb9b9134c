import { useEffect, useRef } from "preact/hooks";
import { useViewPage } from "../browser/use_view_page.ts";
import type { DetailsPage } from "../console_page.ts";
import { useAnnounce } from "../page/announce.ts";
import { ProblemNote } from "../page/problem_note.tsx";
import { AccessPart } from "./access_part.tsx";
import { CopyPart } from "./copy_part.tsx";
import { DetailsHeading } from "./details_heading.tsx";
import { FactsPart } from "./facts_part.tsx";
import { FailurePart } from "./failure_part.tsx";
import { LastStartPart } from "./last_start_part.tsx";
import { RestartNote } from "./restart_note.tsx";
import { SubsetsTable } from "./subsets_table.tsx";

import { ViewActions } from "./view_actions.tsx";

/** All about one view, as far as the visitor may see it. */
export function ViewDetails({ page: first }: { readonly page: DetailsPage }) {
  const { page, isGone, problem, reload } = useViewPage(first);
  const { view, may, contact } = page;
  usePhaseAnnounced(view.name, view.phase, isGone);
  return (
    <article class="details" aria-labelledby="view-name">
      <DetailsHeading page={page} />
      {isGone && (
        <p class="warning" role="status">
          This view is deleted, or you may no longer see it. <a href="/">All views</a>
        </p>
      )}
      {!isGone && problem !== undefined && <ProblemNote problem={problem} contact={contact} />}
      {!isGone && <ViewActions page={page} onChanged={reload} />}
      {!may.see && <p class="soft">You may open this view, and see no more of it. Its owner can share it with you.</p>}
      {may.see && (
        <>
          <RestartNote page={page} />
          <FailurePart page={page} />
          <LastStartPart page={page} />
          <div class="columns">
            <FactsPart page={page} />
            <div>
              <AccessPart page={page} />
              <SubsetsTable page={page} />
            </div>
          </div>
          <CopyPart page={page} />
        </>
      )}
    </article>
  );
}

/** Says a new phase to those who do not see it. */
function usePhaseAnnounced(name: string, phase: string, isGone: boolean): void {
  const announce = useAnnounce();
  const now = isGone ? "gone" : phase;
  const said = useRef(now);
  useEffect(() => {
    if (said.current === now) return;
    said.current = now;
    announce(`View ${name} is ${now}.`);
  }, [now]);
}
