import { deepEqual, equal } from "node:assert/strict";
import { validate, type ViewList, type ViewResource } from "@view-gateway/types";
import type { ViewPhase, ViewState } from "../../view/state.ts";
import { viewState } from "../../view/testing/view_state.ts";
import type { ChangedService, CreatedService, DeletedService, EndedJob } from "../../view/write_outcomes.ts";
import type { AuditEntry } from "../../access/audit_entry.ts";
import { ANONYMOUS } from "../../access/identity.ts";
import type { Rights } from "../../access/rights.ts";
import { Quota } from "../../async/quota.ts";
import { Waiters } from "../../async/waiters.ts";
import { ViewWatches, WATCH_LIMITS } from "../stream/view_watches.ts";
import { ViewsByPerson } from "../views_by_person.ts";
import type { ApiOptions, PagedViews, Services, StartOutcome } from "../api_options.ts";
import { viewsApi } from "../views_api.ts";
import { isDeclared } from "./declared_answer.ts";
import { believing, PERSON_HEADER, type Rbac, rightsWith } from "./people.ts";

export const createdAt = "2026-01-01T00:00:00Z";
const asleep: ViewPhase = { kind: "asleep", ended: undefined };
export const viewNamed = (name: string, phase: ViewPhase = asleep, uid = `service-of-${name}`) =>
  viewState(phase, { name, uid, spec: { subsets: [], idleSeconds: 60 } });
const created: CreatedService = { kind: "created", uid: "service-new", createdAt, resourceVersion: "1" };
export const quota = { reason: "Forbidden", message: 'exceeded quota: services "20"' };
const everybody = { authenticate: () => Promise.resolve({ kind: "known", identity: ANONYMOUS, by: "token" } as const) };
const allRights: Rights = { may: () => Promise.resolve({ kind: "allowed", why: "no authentication" }) };
export const json = { "content-type": "application/json" };

/** The API over these views. A test sets how Kubernetes answers writes. */
export function startApi(...states: ViewState[]) {
  return startApiWith({}, ...states);
}

/** The API for people who have these verbs by RBAC. */
export function startApiFor(rbac: Rbac, ...states: ViewState[]) {
  return startApiWith({ authenticator: believing, rights: rightsWith(rbac) }, ...states);
}

export function startApiWith(change: Partial<ApiOptions>, ...states: ViewState[]) {
  const byName = new Map(states.map((state) => [state.name, state]));
  const personal = new ViewsByPerson();
  for (const state of states) personal.changed(state.name, state, undefined);
  const audited: AuditEntry[] = [];
  const written: unknown[] = [];
  const listeners: ((name: string, after: ViewState | undefined, before: ViewState | undefined) => void)[] = [];
  const waiters = new Waiters();
  /** Changes a view as Kubernetes does. */
  const put = (name: string, state: ViewState | undefined) => {
    const before = byName.get(name);
    if (state === undefined) byName.delete(name);
    else byName.set(name, state);
    personal.changed(name, state, before);
    for (const listener of listeners) listener(name, state, before);
    waiters.wake(name);
  };
  const awaited: string[] = [];
  let create: CreatedService | Error = created;
  let changed: ChangedService = { kind: "changed", resourceVersion: "2" };
  let deleted: DeletedService = { kind: "deleted" };
  let ended: EndedJob = { kind: "ended" };
  let outcome: StartOutcome = { kind: "launched" };
  const views: PagedViews = {
    get size() {
      return byName.size;
    },
    get: (name) => byName.get(name),
    page: (after, limit) =>
      [...byName.keys()].sort().filter((name) => name > after).slice(0, limit).map((name) => byName.get(name)!),
    until: async (name, fits, signal) => {
      awaited.push(name);
      let state: ViewState | undefined;
      await waiters.until(name, () => fits(state = byName.get(name)), signal);
      return state;
    },
  };
  const services: Services = {
    create: (service) => {
      written.push(service);
      if (create instanceof Error) return Promise.reject(create);
      if (create.kind === "created") {
        put(service.metadata!.name!, viewNamed(service.metadata!.name!, asleep, create.uid));
      }
      return Promise.resolve(create);
    },
    change: ({ name, resourceVersion }, spec) => {
      written.push([name, resourceVersion, spec]);
      const state = byName.get(name);
      if (changed.kind === "changed" && state) {
        put(name, { ...state, spec, resourceVersion: changed.resourceVersion });
      }
      return Promise.resolve(changed);
    },
    delete: (name, uid) => {
      written.push([name, uid]);
      if (deleted.kind === "deleted") put(name, undefined);
      return Promise.resolve(deleted);
    },
  };
  const api = viewsApi({
    authenticator: everybody,
    rights: allRights,
    audit: (entry) => audited.push(entry),
    personal,
    watches: new ViewWatches({ subscribe: (listener) => listeners.push(listener) }, new Quota(WATCH_LIMITS)),
    history: { lastStart: () => undefined, lastRequestAt: () => undefined },
    publicViews: false,
    grants: () => ({ kind: "unbounded" }),
    views,
    services,
    baseHost: "localhost",
    now: () => Date.parse("2026-01-01T00:00:00Z"),
    bodyLimitBytes: 1_000,
    required: { team: "sales" },
    start: (state) => {
      written.push(["start", state.name]);
      return Promise.resolve(outcome);
    },
    jobs: {
      end: (name, uid) => {
        written.push(["end", name, uid]);
        if (ended.kind === "ended") put(name, { ...byName.get(name)!, phase: { kind: "asleep", ended: uid } });
        return Promise.resolve(ended);
      },
    },
    awaitStart: () => ({ release: () => {} }),
    closing: new AbortController().signal,
    limit: 1_000,
    templates: () => undefined,
    bounds: { idleSeconds: 900, minIdleSeconds: 30, maxIdleSeconds: 7_200, maxLifetimeSeconds: 86_400 },
    settle: 20,
    ...change,
  });
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const headers = { host: "localhost:8080", ...init.headers as Record<string, string> };
    const response = await api.request(path, { ...init, method, headers });
    const text = await response.text();
    // A client that is gone gets nothing.
    if (!init.signal?.aborted) isDeclared(method, path, { status: response.status, headers: response.headers, text });
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };
  return {
    api,
    written,
    awaited,
    byName,
    put,
    audited,
    ask,
    /** The same from this person; undefined: who does not say who they are. */
    send: (
      person: string | undefined,
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) =>
      ask(method, path, {
        ...body !== undefined && { body: JSON.stringify(body) },
        headers: {
          "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
          ...person !== undefined && { [PERSON_HEADER]: encodeURIComponent(person) },
          ...headers,
        },
      }),
    post: (body: unknown, headers: Record<string, string> = {}) =>
      ask("POST", "/_api/views", { body: JSON.stringify(body), headers: { ...json, ...headers } }),
    setCreated: (how: CreatedService | Error) => create = how,
    patch: (name: string, body: unknown, headers: Record<string, string> = {}) =>
      ask("PATCH", `/_api/views/${name}`, {
        body: JSON.stringify(body),
        headers: { "content-type": "application/merge-patch+json", ...headers },
      }),
    setChanged: (how: ChangedService) => changed = how,
    setDeleted: (how: DeletedService) => deleted = how,
    setEnded: (how: EndedJob) => ended = how,
    setStarted: (how: StartOutcome) => outcome = how,
  };
}

export type ApiAnswer = Awaited<ReturnType<ReturnType<typeof startApi>["ask"]>>;

/** The view in an answer, valid against its schema. */
export function viewIn({ body }: ApiAnswer): ViewResource {
  const result = validate("ViewResource", structuredClone(body));
  deepEqual(result, { value: body });
  return body;
}

export function listIn({ body }: ApiAnswer): ViewList {
  deepEqual(validate("ViewList", structuredClone(body)), { value: body });
  return body;
}

/** Expects a problem document of this status and kind. */
export function problemIn({ status, headers, body }: ApiAnswer, expected: number, kind: string) {
  deepEqual([status, body.status, body.type], [expected, expected, `urn:view-gateway:${kind}`]);
  equal(headers.get("content-type"), "application/problem+json");
  deepEqual(validate("Problem", structuredClone(body)), { value: body });
  return body;
}

export const forbiddenIn = (answer: ApiAnswer) => problemIn(answer, 403, "forbidden");
