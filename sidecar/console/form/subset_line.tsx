import { described, FieldMistakeNote } from "./field_note.tsx";
import { subsetField } from "./form_field.ts";
import { type LakePlace, placeText, typedPlace } from "./lake_place.ts";
import type { SubsetOverlap } from "./subset_overlaps.ts";
import type { SubsetAccess, SubsetRow } from "./view_form.ts";

interface SubsetLineProps {
  readonly row: SubsetRow;
  /** What people count it as. */
  readonly number: number;
  readonly overlap: SubsetOverlap | undefined;
  readonly mistake: string | undefined;
  /** Whether the mistake is in the prefix alone. */
  readonly isPrefixWrong: boolean;
  readonly onChange: (change: Partial<SubsetRow>) => void;
  readonly onRemove: () => void;
}

/** One subset, to change or remove. */
export function SubsetLine({ row, number, overlap, mistake, isPrefixWrong, onChange, onRemove }: SubsetLineProps) {
  const { key, bucket, prefix } = row;
  // Nobody knows yet what the person may do at another place.
  const move = (place: Partial<LakePlace>) => onChange({ ...place, grant: undefined });
  const id = `subset-${key}`;
  const attributes = { spellcheck: false, autocapitalize: "none", autocomplete: "off" } as const;
  const about = described(id, { hint: overlap !== undefined, mistake });
  return (
    <li>
      <div class="subset" role="group" aria-label={`Subset ${number}: ${placeText(row)}`}>
        <label class="bucket">
          <span>Bucket</span>
          <input
            id={subsetField(key, "bucket")}
            value={bucket}
            maxLength={1200}
            {...attributes}
            {...about}
            aria-invalid={mistake !== undefined && !isPrefixWrong}
            onInput={({ currentTarget }) => move({ bucket: currentTarget.value })}
            onChange={({ currentTarget }) => move(typedPlace({ bucket: currentTarget.value, prefix }))}
          />
        </label>
        <label class="prefix">
          <span>Folder</span>
          <input
            id={subsetField(key, "prefix")}
            value={prefix}
            placeholder="the whole bucket"
            maxLength={1024}
            {...attributes}
            {...about}
            aria-invalid={isPrefixWrong}
            onInput={({ currentTarget }) => move({ prefix: currentTarget.value })}
            onChange={({ currentTarget }) => move(typedPlace({ bucket, prefix: currentTarget.value }))}
          />
        </label>
        <AccessChoice row={row} onChange={(access) => onChange({ access })} />
        <button type="button" class="quiet remove" onClick={onRemove} aria-label={`Remove subset ${number}`}>
          Remove
        </button>
      </div>
      {overlap !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {overlap.isSame
            ? `This is the same as subset ${overlap.other + 1}. Remove one of them.`
            : `Subset ${overlap.other + 1} has all of this. You can remove it.`}
        </p>
      )}
      <FieldMistakeNote of={id} text={mistake} />
    </li>
  );
}

interface AccessChoiceProps {
  readonly row: SubsetRow;
  readonly onChange: (access: SubsetAccess) => void;
}

function AccessChoice({ row: { key, access, grant }, onChange }: AccessChoiceProps) {
  const beyond = grant === "read";
  return (
    <label class="access">
      <span>The view may</span>
      <select
        id={subsetField(key, "access")}
        value={access}
        onChange={({ currentTarget }) => onChange(currentTarget.value as SubsetAccess)}
      >
        <option value="read" selected={access === "read"}>read</option>
        <option value="readwrite" selected={access === "readwrite"} disabled={beyond}>
          read and write{beyond && " (not granted)"}
        </option>
      </select>
    </label>
  );
}
