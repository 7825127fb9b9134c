import type { ComponentChildren } from "preact";
import type { DetailsPage } from "../console_page.ts";
import { agoText, untilText } from "../page/time_span.ts";
import { TimeText } from "../page/time_text.tsx";
import { dateText } from "./date_text.ts";
import { durationInWords } from "../form/duration.ts";

/** Whose the view is, what it is made from, and its times. */
export function FactsPart({ page: { view, visitor } }: { readonly page: DetailsPage }) {
  const { owner, template, createdAt, lastRequestAt, sleepsAt, effective, credentialsEndAt } = view;
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">Owner and times</h2>
      <dl class="facts">
        <Fact name="Owner">
          {owner === undefined ? "unknown" : <bdi>{owner}</bdi>}
          {owner !== undefined && owner === visitor?.user && <small>you</small>}
        </Fact>
        {effective !== undefined && <Fact name="Template">{template ?? "the gateway's default one"}</Fact>}
        <Fact name="Created">
          <Moment at={createdAt} text={agoText} />
        </Fact>
        <Fact name="Last request">
          {lastRequestAt === undefined ? "this gateway knows of none" : <Moment at={lastRequestAt} text={agoText} />}
        </Fact>
        {sleepsAt !== undefined && (
          <Fact name="Falls asleep" note="unless it gets requests">
            <Moment at={sleepsAt} text={untilText} />
          </Fact>
        )}
        {effective !== undefined && (
          <>
            <Fact name="Idle time" note={noteOn(view.idleSeconds)}>{durationInWords(effective.idleSeconds)}</Fact>
            <Fact name="Longest life" note={noteOn(view.maxLifetimeSeconds)}>
              {durationInWords(effective.maxLifetimeSeconds)}
            </Fact>
          </>
        )}
        {credentialsEndAt !== undefined && (
          <Fact name="Credentials end" note="the gateway renews them while the view is awake">
            <Moment at={credentialsEndAt} text={untilText} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

function noteOn(own: number | undefined): string {
  return own === undefined ? "the gateway's default" : "of its own";
}

interface FactProps {
  readonly name: string;
  readonly note?: string;
  readonly children: ComponentChildren;
}

function Fact({ name, note, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}

/** A time as seen from now, and as a date. */
function Moment({ at, text }: { readonly at: string; readonly text: (at: string, now: number) => string }) {
  return (
    <>
      <TimeText at={at} text={text} />
      <small>{dateText(at)}</small>
    </>
  );
}
