import type { LakeBuckets, LakeFolder, Problem } from "@view-gateway/types";
import { type LakePlace, placeText } from "./lake_place.ts";
import type { SubsetAccess } from "./view_form.ts";

/** A bucket or a folder to go into. */
export interface LakeEntry extends LakePlace {
  readonly name: string;
  /** What the person may use of it, where that is not all. */
  readonly note?: string;
}

/** What lies at a place of the lake, as far as it has been read. */
export interface LakeContents {
  readonly entries: readonly LakeEntry[];
  readonly objects: LakeFolder["objects"];
  /** What a view may do with the whole place; missing where no view of this person can have it. */
  readonly access?: SubsetAccess;
  /** The path of what comes next. */
  readonly next?: LakePath;
}

export type LakePath = `/_api/lake${string}`;

/** What a person sees of the lake. */
export interface LakeSight {
  /** Undefined: all buckets. */
  readonly place: LakePlace | undefined;
  /** Missing until the place has been read. */
  readonly contents?: LakeContents;
  readonly isLoading: boolean;
  readonly problem?: Problem;
}

/** Where the API tells what lies at a place. */
export function lakePath(place: LakePlace | undefined): LakePath {
  return place === undefined
    ? "/_api/lake"
    : `/_api/lake?${new URLSearchParams({ bucket: place.bucket, prefix: place.prefix })}`;
}

/** The sight while a place is read: its first page, or one more. */
export function loadingSight(before: LakeSight | undefined, place: LakePlace | undefined, isMore: boolean): LakeSight {
  return { place, isLoading: true, ...isMore && before?.contents !== undefined && { contents: before.contents } };
}

/** The sight after the API's answer. */
export function sightAfter(before: LakeSight, answer: { readonly value: LakeBuckets | LakeFolder }): LakeSight {
  const page = contentsOf(answer.value);
  const { entries = [], objects = [] } = before.contents ?? {};
  const contents = { ...page, entries: [...entries, ...page.entries], objects: [...objects, ...page.objects] };
  return { place: before.place, isLoading: false, contents };
}

export function failedSight({ problem: _, ...before }: LakeSight, problem: Problem): LakeSight {
  return { ...before, isLoading: false, problem };
}

/** The way to a place, from all buckets on. */
export function lakeCrumbs(
  place: LakePlace | undefined,
): readonly { readonly name: string; readonly place: LakePlace | undefined }[] {
  if (place === undefined) return [{ name: "All buckets", place: undefined }];
  const segments = place.prefix.split("/").slice(0, -1);
  return [
    { name: "All buckets", place: undefined },
    { name: place.bucket, place: { bucket: place.bucket, prefix: "" } },
    ...segments.map((name, i) => ({
      name,
      place: { bucket: place.bucket, prefix: `${segments.slice(0, i + 1).join("/")}/` },
    })),
  ];
}

/** What a place has, for people who do not see it. */
export function sightInWords({ place, contents }: LakeSight): string {
  if (contents === undefined) return "";
  const { entries, objects, next } = contents;
  const what = place === undefined ? "bucket" : "folder";
  const counts = [
    ...entries.length > 0 || objects.length === 0 ? [counted(entries.length, what)] : [],
    ...objects.length > 0 ? [counted(objects.length, "object")] : [],
  ].join(" and ");
  return `${place === undefined ? "All buckets" : placeText(place)}: ${counts}${
    next === undefined ? "" : ", and more"
  }.`;
}

/** A size for people: `1.2 MB`. */
export function sizeInWords(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const amount = bytes / 1_000 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}

function contentsOf(listing: LakeBuckets | LakeFolder): LakeContents {
  const next = listing.next === undefined ? {} : { next: listing.next as LakePath };
  if ("buckets" in listing) return { entries: listing.buckets.map(bucketEntry), objects: [], ...next };
  const { bucket, prefix, access, prefixes, objects } = listing;
  return {
    entries: prefixes.map((whole) => ({ bucket, prefix: whole, name: whole.slice(prefix.length) })),
    objects: objects.filter(({ key }) => key !== prefix),
    ...access !== undefined && { access },
    ...next,
  };
}

const SHOWN_PREFIXES = 3;

function bucketEntry({ bucket, prefixes = [] }: LakeBuckets["buckets"][number]): LakeEntry {
  const shown = prefixes.slice(0, SHOWN_PREFIXES).join(", ");
  const more = prefixes.length > SHOWN_PREFIXES ? ` and ${prefixes.length - SHOWN_PREFIXES} more` : "";
  return { bucket, prefix: "", name: bucket, ...shown !== "" && { note: `you may use ${shown}${more}` } };
}

function counted(count: number, what: string): string {
  return count === 0 ? `no ${what}` : count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
