/** Watches the views of one namespace in Kubernetes, and writes their objects. */

import type { KubeConfig } from "@kubernetes/client-node";
import { anyAnswers } from "./any_answers.ts";
import { aborted } from "../async/aborted.ts";
import { loadKubeConfig } from "./credentials.ts";
import { EventWrites } from "./write/event_writes.ts";
import { regroup, regroupAnswered, regroupRefused, regroupUnassignable } from "./snapshot/group.ts";
import { JobWrites } from "./write/job_writes.ts";
import { PodWrites } from "./write/pod_writes.ts";
import { Prober } from "./prober.ts";
import { Reviews } from "./review/reviews.ts";
import type { Time } from "../async/time.ts";
import { TokenBucket } from "../async/token_bucket.ts";
import { Reflector, type Timing } from "./watch/reflector.ts";
import { type HearingReflector, type KubernetesHealth, watchHealth } from "./watch/watch_health.ts";
import {
  anyPods,
  configMaps,
  failedCreates,
  type Identified,
  jobs,
  pods,
  services,
  type WatchedObjects,
  type WatchedResource,
} from "./watch/watched_resource.ts";
import { SecretWrites } from "./write/secret_writes.ts";
import { ServiceWrites } from "./write/service_writes.ts";
import { Store } from "./snapshot/store.ts";
import type { ConfigMapObject, DeletableObject } from "./watch/trim.ts";
import { Transport } from "./transport.ts";
import type { LeaseBounds } from "../view/lease.ts";
import type { AnsweringPod, RefusedLaunch, UnassignablePod, ViewObjects } from "../view/objects.ts";
import { isChanged, noTemplates, type Templates, templatesIn } from "../view/templates.ts";

/** Where one object is. */
interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

export interface KubernetesOptions<T> {
  /** The views' namespace. */
  readonly namespace: string;
  /** Label selector of views' Services, Jobs and pods. */
  readonly selector: string;
  /** Bounds of the values in views' specs. */
  readonly bounds: LeaseBounds;
  /** The gateway's own pod; undefined outside a pod. */
  readonly ownPod?: ObjectName | undefined;
  /** Called at least once when this pod is being deleted. */
  readonly onPodDeletion?: () => void;
  /** The ConfigMap of workload templates, and the template for views that name none. */
  readonly templates: { readonly configMap: string; readonly defaultName: string };
  /** Called when templates have changed, before views are derived from them. */
  readonly onTemplates?: (before: Templates, after: Templates) => void;
  /** Derives a view's state from its objects and the templates. Must be pure. */
  readonly derive: (objects: ViewObjects, previous: T | undefined, templates: Templates) => T | undefined;
  /** Reports each failure, after which the work continues. `error` is undefined if the message is complete. */
  readonly onProblem: (message: string, error: unknown) => void;
  /** Loads the configuration. Default: as kubectl does, otherwise that of the cluster in which the program runs. */
  readonly load?: () => KubeConfig;
  readonly timing?: Partial<Timing>;
  readonly time: Time;
  /** Milliseconds between probes of the API server, and how long one may take. */
  readonly probing?: { readonly interval: number; readonly limit: number };
}

/** Rate limit for all views together: when a cluster is full, a few Events say as much as thousands. */
const EVENTS = { burst: 20, perSecond: 1 };

/** All that the gateway does in Kubernetes. */
export class Kubernetes<T> {
  readonly views: Store<T>;
  readonly services: ServiceWrites;
  readonly jobs: JobWrites;
  readonly pods: PodWrites;
  readonly events: EventWrites;
  readonly secrets: SecretWrites;
  readonly reviews: Reviews;
  readonly #options: KubernetesOptions<T>;
  readonly #reviewing: Transport;
  readonly transport: Transport;
  readonly prober: Prober;
  readonly #reflectors;
  readonly #templatesReflector: Reflector<never, ConfigMapObject>;
  #templates: Templates;
  /** Resolves when the templates change; then another one replaces it. */
  #templatesChange = Promise.withResolvers<void>();
  readonly #ownPod: Reflector<never, DeletableObject> | undefined;

  /** @throws Error if no cluster is configured */
  constructor(options: KubernetesOptions<T>) {
    const { namespace, bounds, derive, onProblem, time, probing = { interval: 5_000, limit: 3_000 } } = options;
    this.#options = options;
    const transport = new Transport(options.load ?? loadKubeConfig);
    this.transport = transport;
    this.#templates = noTemplates(options.templates.configMap, options.templates.defaultName);
    this.views = new Store({
      clock: time.clock,
      derive: (objects, previous) => derive(objects, previous, this.#templates),
      onProblem,
    });
    this.services = new ServiceWrites(transport, namespace, time);
    this.jobs = new JobWrites(transport, namespace, time);
    this.pods = new PodWrites(transport, namespace, time);
    this.events = new EventWrites({
      transport,
      namespace,
      rate: new TokenBucket({ ...EVENTS, clock: time.clock }),
      now: time.now,
    });
    this.secrets = new SecretWrites(transport, namespace);
    // A slow answer about somebody's token must not break the connection of the writes.
    this.#reviewing = new Transport(options.load ?? loadKubeConfig);
    this.reviews = new Reviews(this.#reviewing, namespace);
    this.prober = new Prober({
      probe: (signal) => anyAnswers([transport, this.#reviewing], probing.limit, signal),
      interval: probing.interval,
      time,
    });
    this.#reflectors = {
      services: this.#reflector("services", services(bounds)),
      jobs: this.#reflector("jobs", jobs),
      pods: this.#reflector("pods", pods),
      // An Event does not have its object's labels.
      events: this.#reflector("events", failedCreates, {
        selector: "",
        fieldSelector: "involvedObject.kind=Job,reason=FailedCreate",
      }),
    };
    this.#templatesReflector = this.#objectReflector(
      configMaps,
      { namespace, name: options.templates.configMap },
      (_before, after) => this.#onTemplates(after?.data),
    );
    const { onPodDeletion = () => {} } = options;
    this.#ownPod = options.ownPod
      ? this.#objectReflector(anyPods, options.ownPod, (_before, after) => after?.deleting && onPodDeletion())
      : undefined;
  }

  /** The present workload templates. */
  get templates(): Templates {
    return this.#templates;
  }

  /** Watches until the signal aborts, then stops completely. Call it once. Rejects only on a fault of the gateway. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const onAbort = () => stop.abort(signal.reason);
    if (signal.aborted) return;
    signal.addEventListener("abort", onAbort);
    const ownPod = this.#ownPod ? [this.#ownPod] : [];
    const reflectors = [...Object.values(this.#reflectors), this.#templatesReflector, ...ownPod];
    const tasks = [
      this.prober.run(stop.signal),
      this.#derive(stop.signal),
      ...reflectors.map((reflector) => reflector.run(stop.signal)),
    ];
    try {
      await Promise.all(tasks);
    } finally {
      stop.abort();
      await Promise.allSettled(tasks);
      signal.removeEventListener("abort", onAbort);
      this.transport.close();
      this.#reviewing.close();
    }
  }

  /** A view's pod has answered this gateway: its start probe, or its assignment. */
  answered(view: string, pod: AnsweringPod): void {
    this.views.change(view, regroupAnswered, undefined, pod);
  }

  /** This gateway cannot assign a claimed pod to its view. */
  unassignable(view: string, pod: UnassignablePod): void {
    this.views.change(view, regroupUnassignable, undefined, pod);
  }

  /** A launch of the view has created no Job. */
  refused(view: string, refused: RefusedLaunch): void {
    this.views.change(view, regroupRefused, undefined, refused);
  }

  get health(): KubernetesHealth {
    const now = this.#options.time.clock();
    const watch = (reflector: HearingReflector) => watchHealth(reflector, now);
    const { services, jobs, pods, events } = this.#reflectors;
    return {
      reachable: this.prober.reachable ?? false,
      watches: {
        services: watch(services),
        jobs: watch(jobs),
        pods: watch(pods),
        events: watch(events),
        configmaps: watch(this.#templatesReflector),
      },
    };
  }

  /** Derives all views once all lists are complete. After that a changed template derives its views again. */
  async #derive(signal: AbortSignal): Promise<void> {
    // Events only explain failures; no view waits for them.
    const { events: _, ...needed } = this.#reflectors;
    const reflectors = [...Object.values(needed), this.#templatesReflector];
    await Promise.race([aborted(signal), Promise.all(reflectors.map(({ synced }) => synced))]);
    let done = this.#templates;
    if (done.read === undefined && !signal.aborted) {
      this.#options.onProblem(`There is no ConfigMap ${done.configMap} of templates; no view can start`, undefined);
    }
    await this.views.settle(signal);
    while (!signal.aborted) {
      const now = this.#templates;
      if (now !== done) {
        const before = done;
        await this.views.refresh((objects) => isChanged(before, now, templateOf(objects)), signal);
        done = now;
      } else {
        await Promise.race([aborted(signal), this.#templatesChange.promise]);
        this.#templatesChange = Promise.withResolvers();
      }
    }
  }

  #onTemplates(data: Readonly<Record<string, string>> | undefined): void {
    const before = this.#templates;
    this.#templates = templatesIn(before, data);
    this.#options.onTemplates?.(before, this.#templates);
    this.#templatesChange.resolve();
  }

  /** A reflector of one object. */
  #objectReflector<Raw, Kept extends Identified>(
    resource: WatchedResource<Raw, Kept>,
    { namespace, name }: ObjectName,
    onChange: (before: Kept | undefined, after: Kept | undefined) => void,
  ): Reflector<never, Kept> {
    const { onProblem, timing, time } = this.#options;
    return new Reflector({
      transport: this.transport,
      resource,
      namespace,
      selector: "",
      fieldSelector: `metadata.name=${name}`,
      prober: this.prober,
      onChange: (_name, before, after) => onChange(before, after),
      onProblem,
      time,
      ...(timing && { timing }),
    }) as Reflector<never, Kept>;
  }

  #reflector<Type extends keyof WatchedObjects, Raw>(
    type: Type,
    resource: WatchedResource<Raw, WatchedObjects[Type]>,
    select: { readonly selector: string; readonly fieldSelector?: string } = this.#options,
  ) {
    const { namespace, onProblem, timing, time } = this.#options;
    return new Reflector({
      transport: this.transport,
      resource,
      namespace,
      selector: select.selector,
      ...select.fieldSelector && { fieldSelector: select.fieldSelector },
      prober: this.prober,
      onChange: (view, before, after) => this.views.change(view, regroup[type], before, after),
      onProblem,
      time,
      ...(timing && { timing }),
    });
  }
}

/** The template's name in a view's spec; undefined if the spec has none, or is invalid. */
function templateOf({ service }: ViewObjects): string | undefined {
  return service !== undefined && "spec" in service.spec ? service.spec.spec.template : undefined;
}
