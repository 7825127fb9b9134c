import { List, Map, Set } from "immutable";
import type { Resources } from "./resource_set.ts";

/**
 * What one client has asked for, was sent and has ACKed, of one type of resource on one stream. It is pure: the I/O and
 * the clock are elsewhere. Protocol: https://www.envoyproxy.io/docs/envoy/v1.37.0/api-docs/xds_protocol
 */
export interface Subscription {
  /** Whether the client has asked for this type on this stream. */
  readonly begun: boolean;
  readonly wildcard: boolean;
  /** The names that the client subscribes to. */
  readonly names: Set<string>;
  /** By name, what the client has or was sent. */
  readonly versions: Map<string, ResourceVersions>;
  /** Resources that are to be sent. */
  readonly due: Set<string>;
  /** Names whose removal is to be sent. */
  readonly gone: Set<string>;
  /**
   * Groups of names that the client refused together. Each group goes into a response of its own. No group is empty, and
   * no name in one is due or gone.
   */
  readonly apart: List<readonly string[]>;
  /** By nonce, what was sent and is neither ACKed nor NACKed. */
  readonly pending: Map<string, readonly Sent[]>;
  /** The resources that the client refuses, by name. */
  readonly nacks: Map<string, Nack>;
  /** Whether the client waits for a response even if it is empty. */
  readonly owed: boolean;
}

export interface ResourceVersions {
  /** The version that was sent last; null if that was the removal. */
  readonly sent: string | null;
  readonly acked: string | undefined;
  /** Whether it was sent on this stream. Otherwise the client had it when it connected. */
  readonly here: boolean;
}

/** One resource of a response; the version is null for a removal. */
export interface Sent {
  readonly name: string;
  readonly version: string | null;
}

export interface Nack {
  readonly version: string;
  /** The client's own words. */
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** The part of a DeltaDiscoveryRequest that counts. */
export interface Request {
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
  /** Versions by name that the client has from an earlier stream. */
  readonly initialVersions: Readonly<Record<string, string>>;
  /** The nonce of the response that this request answers. It is empty in any other request. */
  readonly nonce: string;
  /** Why that response is refused. */
  readonly error: string | undefined;
}

/** What a request says about resources that were sent before. */
export interface Received {
  readonly subscription: Subscription;
  readonly acked: readonly Sent[];
  readonly nacked: readonly { readonly name: string; readonly nack: Nack }[];
  /** How many resources were refused together and are sent again in smaller groups. */
  readonly suspected: number;
  /** Whether this is the client's first request for the type. It says what the client has. */
  readonly first: boolean;
}

type Settled = Omit<Received, "first">;

export const NO_SUBSCRIPTION: Subscription = {
  begun: false,
  wildcard: false,
  names: Set(),
  versions: Map(),
  due: Set(),
  gone: Set(),
  apart: List(),
  pending: Map(),
  nacks: Map(),
  owed: false,
};

/** @param now milliseconds since the epoch */
export function receive(before: Subscription, request: Request, resources: Resources, now: number): Received {
  const received = settle(before, request, now);
  const after = before.begun
    ? resubscribe(received.subscription, request, resources)
    : begin(received.subscription, request, resources);
  return { ...received, subscription: after, first: !before.begun };
}

/** These resources have changed. */
export function changed(subscription: Subscription, names: Iterable<string>, resources: Resources): Subscription {
  return mark(subscription, names, resources, false);
}

/** Sends resources again that the client already has. */
export function resend(subscription: Subscription, names: Iterable<string>, resources: Resources): Subscription {
  const { versions, nacks } = subscription;
  const wanted = [...names].filter((name) => typeof versions.get(name)?.sent === "string" && !nacks.has(name));
  return wanted.length === 0 ? subscription : mark(subscription, wanted, resources, true);
}

/**
 * An ACK or a NACK. A nonce that is not pending belongs to no response of this stream, and is ignored. The rest of the
 * request still counts.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-docs/xds_protocol#incremental-xds
 */
function settle(before: Subscription, { nonce, error }: Request, now: number): Settled {
  const sent = before.pending.get(nonce);
  if (sent === undefined) return { subscription: before, acked: [], nacked: [], suspected: 0 };
  const subscription = { ...before, pending: before.pending.delete(nonce) };
  return error === undefined ? accept(subscription, sent) : refuse(subscription, sent, error, now);
}

function accept(before: Subscription, sent: readonly Sent[]): Settled {
  const versions = before.versions.withMutations((versions) => {
    for (const { name, version } of sent) {
      const state = versions.get(name);
      if (state === undefined) continue;
      if (version !== null) versions.set(name, { ...state, acked: version });
      else if (state.sent === null) versions.delete(name);
      else versions.set(name, { ...state, acked: undefined });
    }
  });
  const nacks = before.nacks.deleteAll(sent.map(({ name }) => name));
  return { subscription: { ...before, versions, nacks }, acked: sent, nacked: [], suspected: 0 };
}

/**
 * A NACK refuses a whole response, with one message for all its errors. Envoy may have taken none or some of the
 * resources. So this sends halves again until each bad resource has been refused alone. A bad resource is not sent again
 * before it changes.
 */
function refuse(before: Subscription, sent: readonly Sent[], message: string, now: number): Settled {
  const suspects = sent.filter(({ name, version }) => version !== null && before.versions.get(name)?.sent === version);
  const subscription = { ...before, versions: before.versions.deleteAll(removals(before, sent)) };
  const [only] = suspects;
  if (only === undefined) return { subscription, acked: [], nacked: [], suspected: 0 };
  if (sent.length === 1) {
    const nack: Nack = { version: only.version!, message, since: now };
    const nacks = before.nacks.set(only.name, nack);
    return { subscription: { ...subscription, nacks }, acked: [], nacked: [{ name: only.name, nack }], suspected: 0 };
  }
  const names = suspects.map(({ name }) => name).filter((name) => !before.due.has(name) && !before.gone.has(name));
  const middle = Math.ceil(names.length / 2);
  const apart = before.apart.concat([names.slice(0, middle), names.slice(middle)].filter((half) => half.length > 0));
  return { subscription: { ...subscription, apart }, acked: [], nacked: [], suspected: names.length };
}

function removals(before: Subscription, sent: readonly Sent[]): string[] {
  return sent.filter(({ name, version }) => version === null && before.versions.get(name)?.sent === null)
    .map(({ name }) => name);
}

/**
 * The first request for the type on this stream. One that names nothing subscribes to everything:
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-docs/xds_protocol#how-the-client-specifies-what-resources-to-return
 * A client that reconnects says what it has, and gets only what differs:
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/service/discovery/v3/discovery.proto#service-discovery-v3-deltadiscoveryrequest
 */
function begin(before: Subscription, request: Request, resources: Resources): Subscription {
  const { subscribe, unsubscribe, initialVersions } = request;
  const had = Object.entries(initialVersions);
  const wildcard = subscribe.includes("*") || (subscribe.length === 0 && unsubscribe.length === 0);
  const named = subscribe.filter((name) => name !== "*");
  const begun: Subscription = {
    ...before,
    begun: true,
    wildcard,
    names: Set(named),
    versions: Map(had.map(([name, version]) => [name, { sent: version, acked: version, here: false }])),
    // A client that has nothing may wait for a first response, even an empty one.
    owed: wildcard && had.length === 0,
  };
  const differing = mark(begun, had.map(([name]) => name), resources, false);
  const fresh = mark(differing, named.filter((name) => !Object.hasOwn(initialVersions, name)), resources, true);
  return wildcard ? mark(fresh, resources.keys(), resources, false) : fresh;
}

/**
 * A later request. A name that the client subscribes to again is sent again, because the client may have forgotten it.
 * A name that does not exist is answered as removed, so that the client does not wait for it:
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-docs/xds_protocol#subscribing-to-resources
 */
function resubscribe(before: Subscription, { subscribe, unsubscribe }: Request, resources: Resources): Subscription {
  if (subscribe.length === 0 && unsubscribe.length === 0) return before;
  const dropped = unsubscribe.filter((name) => name !== "*");
  const added = subscribe.filter((name) => name !== "*");
  const all = subscribe.includes("*");
  const wildcard = all || (before.wildcard && !unsubscribe.includes("*"));
  const left: Subscription = { ...before, wildcard, names: without(before.names, dropped).union(added) };
  // A wildcard client that unsubscribes from a name gets the state of that resource:
  // https://www.envoyproxy.io/docs/envoy/v1.37.0/api-docs/xds_protocol#unsubscribing-from-resources
  const kept = wildcard ? mark(left, dropped, resources, true) : forget(left, dropped);
  const narrowed = before.wildcard && !wildcard
    ? forget(kept, kept.versions.keySeq().filter((name) => !kept.names.has(name)))
    : kept;
  const widened = all ? mark({ ...narrowed, owed: true }, resources.keys(), resources, false) : narrowed;
  return mark(widened, added, resources, true);
}

/** The client forgets by itself what it does not subscribe to any more. */
function forget(before: Subscription, names: Iterable<string>): Subscription {
  const gone = [...names];
  return {
    ...before,
    versions: before.versions.deleteAll(gone),
    nacks: before.nacks.deleteAll(gone),
    due: without(before.due, gone),
    gone: without(before.gone, gone),
    apart: cleared(before.apart, (name) => gone.includes(name)),
  };
}

/** Marks those of these names that have to be sent, or sent as removed. */
function mark(before: Subscription, names: Iterable<string>, resources: Resources, inAnyCase: boolean): Subscription {
  const due = before.due.asMutable();
  const gone = before.gone.asMutable();
  for (const name of names) {
    if (!before.wildcard && !before.names.has(name) && !before.versions.has(name)) continue;
    const version = resources.get(name)?.version;
    const sent = before.versions.get(name)?.sent;
    if (version === undefined) {
      due.delete(name);
      if (inAnyCase || typeof sent === "string") gone.add(name);
    } else {
      gone.delete(name);
      if (inAnyCase || sent !== version) due.add(name);
    }
  }
  const after = { ...before, due: due.asImmutable(), gone: gone.asImmutable() };
  return { ...after, apart: cleared(before.apart, (name) => after.due.has(name) || after.gone.has(name)) };
}

/** The groups without these names. */
function cleared(apart: Subscription["apart"], drop: (name: string) => boolean): Subscription["apart"] {
  if (apart.isEmpty()) return apart;
  return apart.map((group) => group.filter((name) => !drop(name))).filter((group) => group.length > 0);
}

/** Its cost depends on what is removed. That of `Set.subtract` depends on the size of the set. */
export function without(set: Set<string>, names: Iterable<string>): Set<string> {
  return set.withMutations((set) => {
    for (const name of names) set.delete(name);
  });
}
