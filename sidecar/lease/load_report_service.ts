import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import { envoy } from "../gen/envoy.js";
import type { ServedMethod } from "../grpc/grpc_server.ts";
import { bidirectional } from "../grpc/method.ts";
import { viewsWithTraffic } from "./load_report.ts";

const { LoadStatsRequest, LoadStatsResponse } = envoy.service.load_stats.v3;

const STREAM_LOAD_STATS = {
  path: "/envoy.service.load_stats.v3.LoadReportingService/StreamLoadStats",
  request: LoadStatsRequest,
  response: LoadStatsResponse,
} as const;

type Call = ServerDuplexStream<
  envoy.service.load_stats.v3.LoadStatsRequest,
  envoy.service.load_stats.v3.ILoadStatsResponse
>;

export interface LoadReportOptions {
  /** Seconds between two reports. */
  readonly seconds: number;
  /** Called with the views that have traffic, for each report. */
  readonly onTraffic: (views: readonly string[]) => void;
}

/** Receives Envoy's load reports. */
export class LoadReportService {
  readonly #options: LoadReportOptions;
  readonly #calls = new Set<Call>();
  #stopped = false;

  constructor(options: LoadReportOptions) {
    this.#options = options;
  }

  get served(): ServedMethod {
    return { method: bidirectional(STREAM_LOAD_STATS), handler: (call: Call) => this.#open(call) };
  }

  /** Ends all streams, and refuses new ones. */
  stop(): void {
    this.#stopped = true;
    for (const call of this.#calls) refuse(call);
  }

  /**
   * Envoy identifies itself, gets one answer with what to report and how often, and then reports until the stream ends.
   * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/service/load_stats/v3/lrs.proto
   */
  #open(call: Call): void {
    call.on("error", () => this.#calls.delete(call));
    call.on("cancelled", () => this.#calls.delete(call));
    call.on("end", () => {
      this.#calls.delete(call);
      call.end();
    });
    if (this.#stopped) return refuse(call);
    this.#calls.add(call);
    let configured = false;
    call.on("data", (report: envoy.service.load_stats.v3.LoadStatsRequest) => {
      if (configured) return this.#options.onTraffic(viewsWithTraffic(report));
      configured = true;
      call.write({ sendAllClusters: true, loadReportingInterval: { seconds: this.#options.seconds } });
    });
  }
}

function refuse(call: Call): void {
  call.emit("error", { code: status.UNAVAILABLE, details: "The sidecar is stopping" });
}
