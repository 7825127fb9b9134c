import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useAnnounce } from "../page/announce.ts";
import { FieldMistakeNote } from "./field_note.tsx";
import { mistakesAt, subsetField } from "./form_field.ts";
import type { FormPartProps } from "./form_part.ts";
import { LakeBrowser } from "./lake_browser.tsx";
import { isWithin, type LakePlace, placeText, typedPlace } from "./lake_place.ts";
import { SubsetLine } from "./subset_line.tsx";
import { subsetOverlaps } from "./subset_overlaps.ts";
import { nextKey, rowOf, type SubsetAccess, type SubsetRow } from "./view_form.ts";

const MOST = 64;

/** Which parts of the lake the view gets. */
export function SubsetsPart({ form: { subsets }, onChange, mistakes, setting: { contact, stored } }: FormPartProps) {
  const [isBrowsing, setBrowsing] = useState(false);
  const focus = useFocusAfter();
  const rows = useSubsetRows(subsets, (subsets) => onChange({ subsets }), focus);
  const close = () => {
    setBrowsing(false);
    focus("subsets");
  };
  const own = mistakes.filter(({ field }) => field === "subsets");
  return (
    <fieldset class="part">
      <legend>Which data it gets</legend>
      <p class="hint">
        Buckets of the lake, or folders in them. The view can reach nothing else.
        {stored?.hasPod && " A running view gets other data only by a restart."}
      </p>
      <FieldMistakeNote of="subsets" text={mistakesAt(own, "/subsets")} />
      <SubsetList subsets={subsets} mistakes={mistakes} rows={rows} />
      <div class="buttons">
        <button
          type="button"
          id="subsets"
          aria-expanded={isBrowsing}
          onClick={() => isBrowsing ? close() : setBrowsing(true)}
        >
          Browse the lake
        </button>
        <button type="button" class="quiet" disabled={subsets.length >= MOST} onClick={rows.addEmpty}>
          Type it by hand
        </button>
      </div>
      {subsets.length >= MOST && <p class="hint">A view may have {MOST} subsets at most.</p>}
      {isBrowsing && <LakeBrowser numberOf={rows.numberOf} onUse={rows.use} contact={contact} onClose={close} />}
    </fieldset>
  );
}

interface SubsetListProps {
  readonly subsets: readonly SubsetRow[];
  readonly mistakes: FormPartProps["mistakes"];
  readonly rows: SubsetRows;
}

function SubsetList({ subsets, mistakes, rows }: SubsetListProps) {
  const overlaps = subsetOverlaps(subsets);
  if (subsets.length === 0) return <p class="none">No data yet.</p>;
  return (
    <ol class="subsets">
      {subsets.map((row, i) => (
        <SubsetLine
          key={row.key}
          {...{ row, number: i + 1, overlap: overlaps[i] }}
          mistake={mistakesAt(mistakes, `/subsets/${i}`)}
          isPrefixWrong={mistakesAt(mistakes, `/subsets/${i}/prefix`) !== undefined}
          onChange={(change) => rows.change(row, change)}
          onRemove={() => rows.remove(i)}
        />
      ))}
    </ol>
  );
}

interface SubsetRows {
  readonly addEmpty: () => void;
  readonly use: (place: LakePlace, grant: SubsetAccess) => void;
  readonly change: (row: SubsetRow, change: Partial<SubsetRow>) => void;
  readonly remove: (index: number) => void;
  /** The number of the subset that is this place or has it, where there is one. */
  readonly numberOf: (place: LakePlace) => number | undefined;
}

/** What people do with the rows: it says what has happened, and keeps the focus where they work. */
function useSubsetRows(
  subsets: readonly SubsetRow[],
  set: (rows: readonly SubsetRow[]) => void,
  focus: (field: string) => void,
): SubsetRows {
  const announce = useAnnounce();
  const add = (place: LakePlace, grant?: SubsetAccess) => {
    const row = { ...rowOf(place, nextKey(subsets)), grant };
    set([...subsets, row]);
    return row;
  };
  return {
    addEmpty: () => focus(subsetField(add({ bucket: "", prefix: "" }).key, "bucket")),
    use: (place, grant) => {
      if (subsets.length >= MOST) return announce(`A view may have ${MOST} subsets at most.`);
      add(place, grant);
      announce(`${placeText(place)} is subset ${subsets.length + 1} now.`);
    },
    change: (row, change) => set(subsets.map((other) => other === row ? { ...row, ...change } : other)),
    remove: (index) => {
      const rest = subsets.filter((_, i) => i !== index);
      const next = rest[Math.min(index, rest.length - 1)];
      set(rest);
      focus(next === undefined ? "subsets" : subsetField(next.key, "bucket"));
      announce(`Subset ${index + 1} is removed.`);
    },
    numberOf: (place) => {
      const index = subsets.findIndex((row) => isWithin({ ...place, access: "read" }, { ...row, ...typedPlace(row) }));
      return index === -1 ? undefined : index + 1;
    },
  };
}

/** Gives a field the focus once it is there. */
function useFocusAfter(): (field: string) => void {
  const wanted = useRef<string>(undefined);
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    document.getElementById(wanted.current)?.focus();
    wanted.current = undefined;
  });
  return (field) => void (wanted.current = field);
}
