import { useContext } from "preact/hooks";
import type { LastStart } from "@view-gateway/types";
import { ClockContext, useTextAt } from "../browser/clock.ts";
import type { DetailsPage } from "../console_page.ts";
import { agoText } from "../page/time_span.ts";
import { TimeText } from "../page/time_text.tsx";
import { secondsText, startSentence, startTimeline, STEP_WORDS, type TimelineBar } from "./start_timeline.ts";

/** How the view last started: a picture, with its numbers. */
export function LastStartPart({ page: { view: { lastStart }, now } }: { readonly page: DetailsPage }) {
  return (
    <section aria-labelledby="last-start">
      <h2 id="last-start">Its last start</h2>
      {lastStart === undefined
        ? (
          <p>
            This gateway has seen no start of this view. It remembers the starts since its own one.
          </p>
        )
        : <Timeline lastStart={lastStart} told={now} />}
    </section>
  );
}

interface TimelineProps {
  readonly lastStart: LastStart;
  /** When the gateway told of it. */
  readonly told: string;
}

function Timeline({ lastStart, told }: TimelineProps) {
  const clock = useContext(ClockContext);
  const later = (now: number) => (now - Date.parse(told)) / 1000;
  const goesOn = lastStart.outcome === "under way";
  // Renders again each second while the start goes on.
  useTextAt((now) => goesOn ? String(Math.floor(later(now))) : "", `${told} ${goesOn}`);
  const { total, bars } = startTimeline(lastStart, later(clock.now()));
  return (
    <>
      <p>
        <b>{startSentence(lastStart, total)}</b>
        <TimeText word=", began" at={lastStart.at} text={agoText} />
        {lastStart.start !== undefined && <span class="soft">, {KINDS[lastStart.start]}</span>}
      </p>
      <table role="table" class="timeline" aria-labelledby="last-start">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">Step</th>
            <th role="columnheader" scope="col">When</th>
            <th role="columnheader" scope="col">Took</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {bars.map((bar, i) => <BarRow key={i} bar={bar} />)}
        </tbody>
      </table>
    </>
  );
}

const KINDS = {
  warm: "with a pod of the warm pool, which was already running",
  cold: "with a new pod",
} as const;

const STATES = { "done": "", "under way": "under way", "failed": "failed here" } as const;

function BarRow({ bar: { step, begin, seconds, state, from, width } }: { readonly bar: TimelineBar }) {
  const label = `from ${secondsText(begin)} to ${secondsText(begin + seconds)}`;
  return (
    <tr role="row" class={state.replace(" ", "-")}>
      <th role="rowheader" scope="row">{STEP_WORDS[step]}</th>
      <td role="cell" class="bar">
        <svg role="img" aria-label={label} width="100%" height="16" focusable="false">
          <rect class="track" x="0" y="7" width="100%" height="2" />
          <rect class="fill" x={`${from}%`} y="1" width={`${width}%`} height="14" rx="3" />
        </svg>
      </td>
      <td role="cell" class="took">
        {secondsText(seconds)}
        {STATES[state] !== "" && <small>{STATES[state]}</small>}
      </td>
    </tr>
  );
}
