import type { Resource } from "../proto/resource.ts";
import type { Resources } from "./resource_set.ts";
import { type Sent, type Subscription, without } from "./subscription.ts";

/** One DeltaDiscoveryResponse. It has additions or removals, never both, so that a NACK is about one kind. */
export interface Response {
  readonly nonce: string;
  readonly set: readonly Resource[];
  readonly removed: readonly string[];
}

export interface ResponseLimits {
  /** Resources in a response. */
  readonly resources: number;
  /** Bytes of a response's resources; a larger resource goes alone. */
  readonly bytes: number;
  /** Responses of one type that a client has neither ACKed nor NACKed. Changes wait until there is room, and are merged. */
  readonly unanswered: number;
}

/**
 * Envoy ACKs a cluster only when the cluster has its endpoints, so several clusters must be able to wait at a time. The
 * sizes keep the pause that one response causes, here and in Envoy, to some milliseconds.
 */
export const RESPONSE_LIMITS: ResponseLimits = { resources: 500, bytes: 1 << 20, unanswered: 16 };

export interface NextResponse {
  readonly subscription: Subscription;
  readonly response: Response;
}

/** The next response with additions, if there is anything to add and the client has room for it. */
export function nextAddition(
  before: Subscription,
  resources: Resources,
  nonce: string,
  limits: ResponseLimits,
): NextResponse | undefined {
  if (before.pending.size >= limits.unanswered) return undefined;
  return suspects(before, resources, nonce) ?? additions(before, resources, nonce, limits);
}

/** The next response with removals. */
export function nextRemoval(before: Subscription, nonce: string, limits: ResponseLimits): NextResponse | undefined {
  if (before.gone.isEmpty() || before.pending.size >= limits.unanswered) return undefined;
  const removed = before.gone.take(limits.resources).toArray();
  const after = { ...before, gone: without(before.gone, removed), nacks: before.nacks.deleteAll(removed) };
  return {
    subscription: remember(after, nonce, removed.map((name) => ({ name, version: null }))),
    response: { nonce, set: [], removed },
  };
}

/** A group that was refused together with others. */
function suspects(before: Subscription, resources: Resources, nonce: string): NextResponse | undefined {
  const names = before.apart.first();
  if (names === undefined) return undefined;
  const set = names.flatMap((name) => resources.get(name) ?? []);
  return addition({ ...before, apart: before.apart.shift() }, set, nonce);
}

function additions(
  before: Subscription,
  resources: Resources,
  nonce: string,
  limits: ResponseLimits,
): NextResponse | undefined {
  const set: Resource[] = [];
  let bytes = 0;
  for (const name of before.due) {
    const resource = resources.get(name);
    if (resource === undefined) continue;
    bytes += resource.body.length;
    if (set.length > 0 && (set.length === limits.resources || bytes > limits.bytes)) break;
    set.push(resource);
  }
  return set.length > 0 || before.owed ? addition(before, set, nonce) : undefined;
}

function addition(before: Subscription, set: readonly Resource[], nonce: string): NextResponse {
  const after = { ...before, due: without(before.due, set.map(({ name }) => name)), owed: false };
  return { subscription: remember(after, nonce, set), response: { nonce, set, removed: [] } };
}

function remember(before: Subscription, nonce: string, sent: readonly Sent[]): Subscription {
  const versions = before.versions.withMutations((versions) => {
    for (const { name, version } of sent) {
      versions.set(name, { sent: version, acked: versions.get(name)?.acked, here: true });
    }
  });
  const answered = sent.map(({ name, version }) => ({ name, version }));
  return { ...before, versions, pending: before.pending.set(nonce, answered) };
}
