import type { Phase } from "@view-gateway/types";
import type { JSX } from "preact";

/** A phase as a text and a shape; the colour adds nothing that these do not tell. */
export function PhaseMark({ phase }: { readonly phase: Phase }) {
  return (
    <span class={`phase ${phase}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{SHAPES[phase]}</svg>
      {phase}
    </span>
  );
}

const stroke = { fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round" } as const;

const SHAPES: Readonly<Record<Phase, JSX.Element>> = {
  asleep: <path {...stroke} d="M13.2 9.8A5.8 5.8 0 1 1 6.2 2.8 4.6 4.6 0 0 0 13.2 9.8z" stroke-linejoin="round" />,
  starting: <path class="turning" {...stroke} d="M8 2a6 6 0 1 1-6 6" />,
  awake: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path {...stroke} class="tick" d="M4.8 8.3 7 10.5l4.3-4.7" />
    </>
  ),
  failed: (
    <>
      <path fill="currentColor" d="M8 1 15.5 14.5H.5z" />
      <path {...stroke} class="tick" d="M8 6v3.4M8 12v.1" />
    </>
  ),
};
