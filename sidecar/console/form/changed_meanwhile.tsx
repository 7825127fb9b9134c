import type { ForeignChange } from "./spec_changes.ts";

interface ChangedMeanwhileProps {
  readonly changes: readonly ForeignChange[];
  readonly onLoad: () => void;
}

/** Tells what somebody else has changed since the form began, and offers to go on from there. */
export function ChangedMeanwhile({ changes, onLoad }: ChangedMeanwhileProps) {
  return (
    <section class="warning" role="alert" aria-label="Changed meanwhile">
      <p>
        <b>Somebody else has changed this view meanwhile.</b> Your changes are not saved.
      </p>
      <ul>
        {changes.map(({ text, isMine }) => (
          <li key={text}>
            {text} {isMine && <b>You have changed this too. Yours stays.</b>}
          </li>
        ))}
      </ul>
      <button type="button" onClick={onLoad}>Load the new version, and keep my changes</button>
    </section>
  );
}
