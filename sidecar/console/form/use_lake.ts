import type { LakeBuckets, LakeFolder } from "@view-gateway/types";
import { useEffect, useRef, useState } from "preact/hooks";
import { callApi } from "../api_client.ts";
import type { LakePlace } from "./lake_place.ts";
import { failedSight, type LakePath, lakePath, type LakeSight, loadingSight, sightAfter } from "./lake_sight.ts";

export interface LakeWalk {
  readonly sight: LakeSight;
  /** Goes to a place. Undefined: to all buckets. */
  readonly go: (place: LakePlace | undefined) => Promise<void>;
  /** Reads on at this place. */
  readonly more: (next: LakePath) => Promise<void>;
}

const SECONDS = 60;

/**
 * Reads the lake. A request ends when the person goes elsewhere.
 * @param onRead what to do once a place has been read
 */
export function useLake(onRead: (sight: LakeSight, isMore: boolean) => void): LakeWalk {
  const [sight, setSight] = useState<LakeSight>({ place: undefined, isLoading: true });
  const current = useRef<AbortController>(null);
  const read = async (place: LakePlace | undefined, path: LakePath, isMore: boolean) => {
    current.current?.abort();
    const { signal } = current.current = new AbortController();
    const loading = loadingSight(sight, place, isMore);
    setSight(loading);
    const reply = await callApi<LakeBuckets | LakeFolder>("GET", path, { signal, seconds: SECONDS });
    if (signal.aborted) return;
    const next = "problem" in reply ? failedSight(loading, reply.problem) : sightAfter(loading, reply);
    setSight(next);
    onRead(next, isMore);
  };
  const go = (place: LakePlace | undefined) => read(place, lakePath(place), false);
  useEffect(() => {
    void go(undefined);
    return () => current.current?.abort();
  }, []);
  return { sight, go, more: (next) => read(sight.place, next, true) };
}
