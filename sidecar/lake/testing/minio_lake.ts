import { pause } from "../../async/pause.ts";
import type { Subset } from "@view-gateway/types";
import { MinioProcess, ROOT } from "../../../test/lake/minio_process.ts";
import { lakeReads } from "../../envoy/lake_reads.ts";
import { Gateway, TOKEN } from "../../envoy/testing/gateway.ts";
import type { ViewOpening } from "../../access/opening.ts";
import type { HttpAnswer, HttpRequest } from "../../envoy/testing/http_client.ts";
import type { ViewState } from "../../view/state.ts";
import { viewState } from "../../view/testing/view_state.ts";
import { assumeRole } from "../assume_role.ts";
import { ExtProcService } from "../ext_proc_service.ts";
import { KeptSignatures } from "../kept_signatures.ts";
import type { SessionCredentials } from "../session_credentials.ts";
import type { LakeSettings } from "../settings.ts";
import { Vending } from "../vending.ts";
import { put, type S3, s3 } from "./s3.ts";
import { FakeSecrets } from "./secrets.ts";
import { lakeSettings } from "./settings.ts";

/** MinIO with a few objects, and a vending whose views' Secrets are kept here. */
export class MinioLake implements AsyncDisposable {
  readonly minio: MinioProcess;
  readonly settings: LakeSettings;
  readonly vending: Vending;
  readonly secrets = new FakeSecrets();
  readonly views = new Map<string, ViewState>();
  /** May do everything. */
  readonly root: S3;
  /** Missing where Envoy keeps no signatures. */
  kept: KeptSignatures | undefined;
  /** How often STS was asked. */
  assumed = 0;
  readonly #stop = new AbortController();

  private constructor(minio: MinioProcess) {
    this.minio = minio;
    this.root = s3(minio.endpoint, ROOT);
    this.settings = lakeSettings(minio.endpoint, "/etc/ssl/certs/ca-certificates.crt");
    const options = {
      settings: this.settings,
      base: () => Promise.resolve(ROOT),
      now: Date.now,
      random: Math.random,
      pause,
    };
    this.vending = new Vending({
      secrets: this.secrets,
      assumeRole: assumeRole(options),
      settings: this.settings,
      required: {},
      now: Date.now,
      clock: () => performance.now(),
      random: Math.random,
      pause,
      signal: this.#stop.signal,
      onAssumed: () => this.assumed++,
      onFault: (_view, error) => {
        throw error;
      },
    });
  }

  static async start(objects: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {}): Promise<MinioLake> {
    const lake = new MinioLake(await MinioProcess.start());
    for (const [path, body] of Object.entries(objects)) {
      const at = path.indexOf("/");
      await put(lake.root, path.slice(0, at), path.slice(at + 1), body);
    }
    return lake;
  }

  /** Creates a view that is asleep, or changes it. */
  view(name: string, subsets: readonly Subset[], more: Partial<ViewState> = {}): ViewState {
    const uid = this.views.get(name)?.uid ?? crypto.randomUUID();
    const resourceVersion = crypto.randomUUID();
    const view = viewState(undefined, { name, uid, resourceVersion, spec: { subsets: [...subsets] }, ...more });
    this.#update(name, view);
    return view;
  }

  delete(name: string): void {
    this.#update(name, undefined);
  }

  /** The view's credentials. */
  async credentials(view: ViewState): Promise<SessionCredentials> {
    const vended = await this.vending.ensure(view);
    if (vended.kind !== "ready") throw new Error(JSON.stringify(vended));
    return vended.credentials;
  }

  /** S3 as the view's pod sees it. */
  async pod(view: ViewState): Promise<S3> {
    return s3(this.minio.endpoint, (await this.credentials(view)).keys);
  }

  /** @param openings who may open which view; undefined where everybody may open all */
  extProc(openings?: ViewOpening): ExtProcService {
    const { views, vending, settings, kept } = this;
    const hosts = { baseHost: "localhost", gateToken: TOKEN };
    return new ExtProcService({ views, vending, settings, openings, kept, ...hosts, now: Date.now });
  }

  /** As the snapshot does: first the new state, then whoever takes it. */
  #update(name: string, view: ViewState | undefined): void {
    const before = this.views.get(name);
    if (view === undefined) this.views.delete(name);
    else this.views.set(name, view);
    this.kept?.update(name, view, before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The test is over."));
    await this.vending.idle();
    await this.minio.stop();
  }
}

export interface LakeGatewayOptions {
  readonly holdSeconds?: number;
  /** The public keys of views' cookies, where people sign in, and who may open which view. */
  readonly jwks?: string;
  readonly openings?: ViewOpening;
  /** Whether Envoy keeps signatures. Default: it does. */
  readonly keeps?: boolean;
  /** Default: longer than a test takes. */
  readonly keptSeconds?: number;
  readonly concurrency?: number;
  /** A command that runs Envoy, and measures it. */
  readonly under?: readonly string[];
}

/** The real Envoy before a lake. */
export class LakeGateway implements AsyncDisposable {
  readonly lake: MinioLake;
  readonly gateway: Gateway;
  /** Resolves when Envoy has ACKed the last generation of kept signatures. */
  published: Promise<void> = Promise.resolve();

  private constructor(lake: MinioLake, gateway: Gateway) {
    this.lake = lake;
    this.gateway = gateway;
  }

  static async start(
    objects: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {},
    { holdSeconds, openings, keeps = true, keptSeconds: seconds = 600, ...options }: LakeGatewayOptions = {},
  ): Promise<LakeGateway> {
    const lake = await MinioLake.start(objects);
    let made: LakeGateway | undefined;
    const publish = (generation: string) => {
      if (made !== undefined) made.published = made.gateway.controlPlane.publish([lakeReads(generation)]);
    };
    if (keeps) {
      const clock = () => performance.now();
      lake.kept = new KeptSignatures({ views: lake.views, publish, seconds, now: Date.now, clock });
    }
    try {
      const gateway = await Gateway.start({
        settings: { ...holdSeconds !== undefined && { holdSeconds }, lake: lake.settings },
        ...options,
        served: [lake.extProc(openings).served],
      });
      return made = new LakeGateway(lake, gateway);
    } catch (error) {
      await lake[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Asks for a path below `/_lake/` on a view's hostname. */
  ask(view: string, path: string, options: Omit<HttpRequest, "host" | "port" | "path"> = {}): Promise<HttpAnswer> {
    return this.gateway.ask(`${view}.localhost`, { path: `/_lake/${path}`, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.lake[Symbol.asyncDispose]();
  }
}
