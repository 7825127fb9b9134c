import type { Invalid } from "@view-gateway/types";
import { durationInWords, secondsIn } from "./duration.ts";
import type { FormLimits } from "./form_limits.ts";
import { subsetOverlaps } from "./subset_overlaps.ts";
import type { TimeChoice, ViewForm } from "./view_form.ts";
import { nameMistake } from "./view_name.ts";

/** What the browser finds wrong by itself, by the places that the API would name. The API finds the rest. */
export function formMistakes(form: ViewForm, { times }: FormLimits): readonly Invalid[] {
  const name = nameMistake(form.name);
  const overlaps = subsetOverlaps(form.subsets);
  return [
    ...name === undefined ? [] : [{ pointer: "/name", detail: name }],
    ...form.subsets.flatMap(({ bucket }, i) => {
      if (bucket.trim() === "") return [{ pointer: `/subsets/${i}/bucket`, detail: "is missing" }];
      const overlap = overlaps[i];
      return overlap?.isSame
        ? [{ pointer: `/subsets/${i}`, detail: `is the same as subset ${overlap.other + 1}: remove one of them` }]
        : [];
    }),
    ...timeMistake("/idleSeconds", form.idle, times.minIdleSeconds, times.maxIdleSeconds),
    ...timeMistake("/maxLifetimeSeconds", form.lifetime, times.minIdleSeconds, times.maxLifetimeSeconds),
  ];
}

/** The bounds of a time for people. */
export function boundsInWords(least: number, most: number): string {
  return `from ${durationInWords(least)} to ${durationInWords(most)}`;
}

function timeMistake(pointer: string, choice: TimeChoice, least: number, most: number): readonly Invalid[] {
  if (!choice.isOwn) return [];
  const seconds = secondsIn(choice);
  if (seconds === undefined) return [{ pointer, detail: "must be a number, such as 15" }];
  return seconds >= least && seconds <= most ? [] : [{ pointer, detail: `must be ${boundsInWords(least, most)}` }];
}
