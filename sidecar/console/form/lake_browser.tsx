import { useLayoutEffect, useRef } from "preact/hooks";
import { useWaitedSeconds } from "../browser/waited_seconds.ts";
import type { ContactPoint } from "../console_page.ts";
import { useAnnounce } from "../page/announce.ts";
import { type LakePlace, placeText } from "./lake_place.ts";
import { LakeProblem } from "./lake_problem.tsx";
import { type LakeContents, lakeCrumbs, type LakeSight, sightInWords, sizeInWords } from "./lake_sight.ts";
import { useLake } from "./use_lake.ts";
import type { SubsetAccess } from "./view_form.ts";

interface LakeBrowserProps {
  /** The number of the subset that is this place or has it, where there is one. */
  readonly numberOf: (place: LakePlace) => number | undefined;
  readonly onUse: (place: LakePlace, access: SubsetAccess) => void;
  readonly onClose: () => void;
  readonly contact?: ContactPoint | undefined;
}

/** Shows what lies in the lake, folder by folder, so that people recognise their data. */
export function LakeBrowser({ numberOf, onUse, onClose, contact }: LakeBrowserProps) {
  const announce = useAnnounce();
  const here = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { sight, go, more } = useLake((sight) => announce(sightInWords(sight)));
  const { place, contents, problem, isLoading } = sight;
  const shown = useRef(0);
  const step = (to: LakePlace | undefined) => {
    // What has the focus is about to go.
    here.current?.focus();
    void go(to);
  };
  const use: LakeBrowserProps["onUse"] = (place, access) => {
    // The button goes: the view has the folder now.
    here.current?.focus();
    onUse(place, access);
  };
  useLayoutEffect(() => {
    const rows = list.current?.querySelectorAll<HTMLElement>("[data-row]");
    if (document.activeElement === document.body && shown.current > 0) rows?.[shown.current]?.focus();
    shown.current = 0;
  }, [contents]);
  const readOn = () => {
    shown.current = list.current?.querySelectorAll("[data-row]").length ?? 0;
    void more(contents!.next!);
  };
  return (
    <section class="lake" aria-label="The lake" aria-busy={isLoading}>
      <div class="lake-head">
        <Crumbs place={place} onGo={step} here={here} />
        <button type="button" class="quiet" onClick={onClose}>Close the lake</button>
      </div>
      {place !== undefined && contents !== undefined && (
        <UseFolder place={place} access={contents.access} number={numberOf(place)} onUse={use} />
      )}
      <div ref={list}>
        {contents !== undefined && <Contents sight={sight} contents={contents} onGo={step} />}
      </div>
      {isLoading && <Waiting />}
      {problem !== undefined && (
        <LakeProblem
          {...{ problem, place, contact, onGo: step }}
          onAgain={() => contents?.next === undefined ? step(place) : readOn()}
        />
      )}
      {!isLoading && problem === undefined && contents?.next !== undefined && (
        <button type="button" class="quiet" onClick={readOn}>Show more</button>
      )}
    </section>
  );
}

interface CrumbsProps {
  readonly place: LakePlace | undefined;
  readonly onGo: (place: LakePlace | undefined) => void;
  readonly here: { current: HTMLElement | null };
}

function Crumbs({ place, onGo, here }: CrumbsProps) {
  const crumbs = lakeCrumbs(place);
  return (
    <nav aria-label="Place in the lake">
      <ol class="crumbs">
        {crumbs.slice(0, -1).map(({ name, place }) => (
          <li key={name + (place?.prefix ?? "")}>
            <button type="button" class="link" onClick={() => onGo(place)}>
              <bdi>{name}</bdi>
            </button>
          </li>
        ))}
        <li key="here">
          <b ref={here} tabIndex={-1} aria-current="location">
            <bdi>{crumbs.at(-1)?.name}</bdi>
          </b>
        </li>
      </ol>
    </nav>
  );
}

/** Says how long it takes, once it takes long. */
function Waiting() {
  const seconds = useWaitedSeconds(true);
  return (
    <p class="waiting" role="status">
      Reading the lake …{seconds >= 2 && <span aria-hidden="true">{` ${seconds} s`}</span>}
    </p>
  );
}

interface UseFolderProps {
  readonly place: LakePlace;
  readonly access: SubsetAccess | undefined;
  readonly number: number | undefined;
  readonly onUse: LakeBrowserProps["onUse"];
}

function UseFolder({ place, access, number, onUse }: UseFolderProps) {
  if (number !== undefined) {
    return (
      <p class="used">
        <code>{placeText(place)}</code> is in the view as subset {number}.
      </p>
    );
  }
  if (access === undefined) {
    return <p class="hint">You may use only some of the folders in here. Open one of them.</p>;
  }
  const what = place.prefix === "" ? "Use the whole bucket" : "Use this folder";
  return (
    <p>
      <button type="button" class="use" onClick={() => onUse(place, access)}>
        {what} <code>{placeText(place)}</code>
      </button>
    </p>
  );
}

interface ContentsProps {
  readonly sight: LakeSight;
  readonly contents: LakeContents;
  readonly onGo: (place: LakePlace) => void;
}

function Contents({ sight: { place, isLoading }, contents: { entries, objects, next }, onGo }: ContentsProps) {
  if (entries.length + objects.length === 0 && next === undefined && !isLoading) {
    return (
      <p class="hint">
        {place === undefined
          ? "There is no bucket that you may see. If you know the name of one, type it by hand."
          : "Nothing lies here."}
      </p>
    );
  }
  return (
    <>
      {entries.length > 0 && (
        <ul class="folders" aria-label={place === undefined ? "Buckets" : "Folders"}>
          {entries.map((entry) => (
            <li key={entry.bucket + entry.prefix}>
              <button type="button" class="folder" data-row onClick={() => onGo(entry)}>
                <bdi>{entry.name}</bdi>
                {entry.note !== undefined && <small>{entry.note}</small>}
              </button>
            </li>
          ))}
        </ul>
      )}
      {objects.length > 0 && (
        <ul class="objects" aria-label="Objects" tabIndex={0}>
          {objects.map(({ key, bytes, modifiedAt }) => (
            <li key={key} data-row tabIndex={-1}>
              <bdi>{key.slice(place?.prefix.length ?? 0)}</bdi>
              <small>
                {sizeInWords(bytes)}, {modifiedAt.slice(0, 10)}
              </small>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
