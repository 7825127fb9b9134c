import { durationInWords, TIME_UNITS, type TimeUnit } from "./duration.ts";
import { described, FieldHint, FieldMistakeNote } from "./field_note.tsx";
import { mistakesAt } from "./form_field.ts";
import { boundsInWords } from "./form_mistakes.ts";
import type { FormPartProps } from "./form_part.ts";
import type { TimeChoice } from "./view_form.ts";

/** When a view falls asleep, and when it ends at the latest. */
export function TimesPart({ form: { idle, lifetime }, onChange, mistakes, setting: { limits } }: FormPartProps) {
  const { idleSeconds, minIdleSeconds, maxIdleSeconds, maxLifetimeSeconds } = limits.times;
  return (
    <fieldset class="part">
      <legend>How long it runs</legend>
      <p class="hint">A view that sleeps costs nothing. It wakes when somebody opens it.</p>
      <div class="two">
        <TimeField
          id="idle"
          title="It falls asleep without requests after"
          name="idle time"
          choice={idle}
          usual={idleSeconds}
          bounds={boundsInWords(minIdleSeconds, maxIdleSeconds)}
          mistake={mistakesAt(mistakes, "/idleSeconds")}
          onChange={(idle) => onChange({ idle })}
        />
        <TimeField
          id="lifetime"
          title="It ends, even while people use it, after"
          name="lifetime"
          choice={lifetime}
          usual={maxLifetimeSeconds}
          bounds={boundsInWords(minIdleSeconds, maxLifetimeSeconds)}
          mistake={mistakesAt(mistakes, "/maxLifetimeSeconds")}
          onChange={(lifetime) => onChange({ lifetime })}
        />
      </div>
    </fieldset>
  );
}

interface TimeFieldProps {
  readonly id: "idle" | "lifetime";
  readonly title: string;
  readonly name: string;
  readonly choice: TimeChoice;
  /** The gateway's default, in seconds. */
  readonly usual: number;
  readonly bounds: string;
  readonly mistake: string | undefined;
  readonly onChange: (choice: TimeChoice) => void;
}

function TimeField({ id, title, name, choice, usual, bounds, mistake, onChange }: TimeFieldProps) {
  return (
    <fieldset class="time">
      <legend>{title}</legend>
      <label class="line">
        <input
          type="radio"
          name={id}
          checked={!choice.isOwn}
          onChange={() => onChange({ ...choice, isOwn: false })}
        />
        {durationInWords(usual)}, the gateway's default
      </label>
      <label class="line">
        <input type="radio" name={id} checked={choice.isOwn} onChange={() => onChange({ ...choice, isOwn: true })} />
        another time
      </label>
      {choice.isOwn && <OwnTime {...{ id, name, choice, bounds, mistake, onChange }} />}
    </fieldset>
  );
}

type OwnTimeProps = Omit<TimeFieldProps, "title" | "usual">;

function OwnTime({ id, name, choice, bounds, mistake, onChange }: OwnTimeProps) {
  return (
    <div class="own-time">
      <div class="amount">
        <input
          id={id}
          inputmode="decimal"
          size={6}
          maxLength={12}
          aria-label={`Amount of the ${name}`}
          autocomplete="off"
          value={choice.amount}
          onInput={({ currentTarget }) => onChange({ ...choice, amount: currentTarget.value })}
          {...described(id, { mistake })}
        />
        <select
          aria-label={`Unit of the ${name}`}
          value={choice.unit}
          onChange={({ currentTarget }) => onChange({ ...choice, unit: currentTarget.value as TimeUnit })}
        >
          {TIME_UNITS.map((unit) => <option key={unit} value={unit} selected={unit === choice.unit}>{unit}</option>)}
        </select>
      </div>
      <FieldHint of={id}>{bounds.replace(/^f/, "F")}.</FieldHint>
      <FieldMistakeNote of={id} text={mistake} />
    </div>
  );
}
