import { useTextAt } from "../browser/clock.ts";

interface TimeTextProps {
  /** What happens then, such as `sleeps`. */
  readonly word?: string;
  readonly at: string;
  /** Such as `agoText` and `untilText`. */
  readonly text: (at: string, now: number) => string;
}

/** A time as seen from now. It goes on by itself. */
export function TimeText({ word, at, text }: TimeTextProps) {
  const said = useTextAt((now) => text(at, now), at);
  return (
    <span>
      {word !== undefined && `${word} `}
      <time dateTime={at} title={at}>{said}</time>
    </span>
  );
}
