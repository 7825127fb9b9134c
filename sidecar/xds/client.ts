import { Map } from "immutable";
import { CLUSTER, ENDPOINTS, EXTENSION, LISTENER, type ResourceId, ROUTES, SECRET } from "../proto/resource.ts";
import {
  nextAddition,
  nextRemoval,
  type NextResponse,
  type Response,
  RESPONSE_LIMITS,
  type ResponseLimits,
} from "./response.ts";
import { type ResourceSet, resourcesOf } from "./resource_set.ts";
import {
  changed,
  NO_SUBSCRIPTION,
  receive,
  type Received,
  type Request,
  resend,
  type Subscription,
} from "./subscription.ts";

/** What a client on one stream has of all types, and in which order it gets the rest. It is pure. */
export interface Client {
  /** By type URL. */
  readonly subscriptions: Map<string, Subscription>;
  /** How many responses were sent to it. */
  readonly responses: number;
}

export const NEW_CLIENT: Client = { subscriptions: Map(), responses: 0 };

/**
 * A resource is added after those that it refers to, and removed before them:
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-docs/xds_protocol#eventual-consistency-considerations
 */
const ORDER: readonly string[] = [CLUSTER, ENDPOINTS, EXTENSION, SECRET, LISTENER, ROUTES];

export function subscriptionOf(client: Client, type: string): Subscription {
  return client.subscriptions.get(type, NO_SUBSCRIPTION);
}

/**
 * Takes a request for one type. A client that reconnects may get a cluster before it asks for endpoints. It then needs
 * those again: see `advanced`.
 */
export function receiveRequest(
  client: Client,
  type: string,
  request: Request,
  context: { readonly set: ResourceSet; readonly now: number },
): { readonly client: Client; readonly received: Received } {
  const before = subscriptionOf(client, type);
  const resources = resourcesOf(context.set, type);
  const received = receive(before, request, resources, context.now);
  const after = replaced(client, type, received.subscription);
  if (type !== ENDPOINTS || before.begun) return { client: after, received };
  const clusters = subscriptionOf(client, CLUSTER).versions;
  const sent = Object.keys(request.initialVersions).filter((name) => clusters.get(name)?.here);
  return { client: replaced(after, ENDPOINTS, resend(received.subscription, sent, resources)), received };
}

/** Takes a change of the set. */
export function receiveChange(client: Client, ids: readonly ResourceId[], set: ResourceSet): Client {
  let after = client;
  for (const type of ORDER) {
    const names = ids.filter((id) => id.type === type).map(({ name }) => name);
    const subscription = client.subscriptions.get(type);
    if (names.length === 0 || subscription === undefined) continue;
    after = replaced(after, type, changed(subscription, names, resourcesOf(set, type)));
  }
  return after;
}

/** The next response, if there is one to send now. */
export function nextResponse(client: Client, set: ResourceSet, limits: ResponseLimits = RESPONSE_LIMITS):
  | { readonly client: Client; readonly type: string; readonly response: Response }
  | undefined {
  const nonce = String(client.responses + 1);
  const types = [...ORDER, ...client.subscriptions.keySeq().filter((type) => !ORDER.includes(type))];
  for (const type of types) {
    if (type === LISTENER && isDue(client, CLUSTER, ENDPOINTS)) continue;
    const found = nextAddition(subscriptionOf(client, type), resourcesOf(set, type), nonce, limits);
    if (found !== undefined) return { client: advanced(client, type, found, set), type, response: found.response };
  }
  const adding = isDue(client, ...types);
  for (const type of types.toReversed()) {
    if (adding) break;
    const found = nextRemoval(subscriptionOf(client, type), nonce, limits);
    if (found !== undefined) return { client: advanced(client, type, found, set), type, response: found.response };
  }
  return undefined;
}

/**
 * Whether the client has everything: it has asked for listeners, which it does last, has answered every response, and
 * has taken a listener if there is one.
 */
export function isServed(client: Client, set: ResourceSet): boolean {
  const listeners = subscriptionOf(client, LISTENER);
  if (!listeners.begun) return false;
  const idle = client.subscriptions.every(({ due, gone, apart, pending, owed }) =>
    due.isEmpty() && gone.isEmpty() && apart.isEmpty() && pending.isEmpty() && !owed
  );
  return idle &&
    (resourcesOf(set, LISTENER).isEmpty() || listeners.versions.some(({ acked }) => acked !== undefined));
}

function isDue(client: Client, ...types: string[]): boolean {
  return types.some((type) => !subscriptionOf(client, type).due.isEmpty());
}

/**
 * Envoy warms a cluster that changed only when it gets the endpoints again, though it has them and does not ask. It waits
 * 15 s for them, and the ACK of the cluster waits too. https://github.com/envoyproxy/go-control-plane/issues/1035
 */
function advanced(client: Client, type: string, { subscription, response }: NextResponse, set: ResourceSet): Client {
  const sent = { ...replaced(client, type, subscription), responses: client.responses + 1 };
  if (type !== CLUSTER || response.set.length === 0) return sent;
  const names = response.set.map(({ name }) => name);
  return replaced(sent, ENDPOINTS, resend(subscriptionOf(sent, ENDPOINTS), names, resourcesOf(set, ENDPOINTS)));
}

function replaced(client: Client, type: string, subscription: Subscription): Client {
  const before = client.subscriptions.get(type);
  if (before === subscription || (before === undefined && subscription === NO_SUBSCRIPTION)) return client;
  return { ...client, subscriptions: client.subscriptions.set(type, subscription) };
}
