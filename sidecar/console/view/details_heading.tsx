import type { DetailsPage } from "../console_page.ts";
import { PhaseMark } from "../page/phase_mark.tsx";
import { agoText, untilText } from "../page/time_span.ts";
import { TimeText } from "../page/time_text.tsx";
import { STEP_WORDS } from "./start_timeline.ts";

interface HeadingProps {
  readonly page: DetailsPage;
}

/** The view's name, its phase, and why it is in it. */
export function DetailsHeading({ page }: HeadingProps) {
  const { view, isPublic } = page;
  return (
    <header>
      <p class="path">
        <a href="/">Views</a>
      </p>
      <h1 id="view-name">{view.name}</h1>
      <p class="state">
        <PhaseMark phase={view.phase} />
        {view.start !== undefined && <small class="badge">{view.start} start</small>}
        {isPublic && <small class="badge">public</small>}
        <span class="why">
          <PhaseWords page={page} />
        </span>
      </p>
      <p class="address">
        <a href={view.route.url}>{view.route.url}</a>
      </p>
    </header>
  );
}

/** Why the view is in its phase, and what comes next. */
function PhaseWords({ page: { view } }: HeadingProps) {
  const { phase, sleepsAt, lastRequestAt, lastStart, cause } = view;
  switch (phase) {
    case "asleep":
      return (
        <>
          It wakes on its next request.
          {lastRequestAt !== undefined && <TimeText word=" The last one was" at={lastRequestAt} text={agoText} />}
        </>
      );
    case "starting": {
      const step = lastStart?.outcome === "under way" ? lastStart.steps.at(-1)?.step : undefined;
      return <>{step === undefined ? "It is about to answer requests." : `Its start is at: ${STEP_WORDS[step]}.`}</>;
    }
    case "awake":
      return sleepsAt === undefined ? <>It answers requests.</> : (
        <>
          It answers requests. <TimeText word="Without requests it falls asleep" at={sleepsAt} text={untilText} />
        </>
      );
    case "failed":
      return <>{cause === undefined ? "It could not start." : `It could not start: ${cause.reason}`}</>;
  }
}
