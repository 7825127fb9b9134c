import type { Config } from "@view-gateway/types";

/** What Envoy's configuration depends on, beside the views. */
export interface EnvoySettings extends
  Pick<
    Config,
    | "accessLog"
    | "baseHost"
    | "holdSeconds"
    | "listenAddress"
    | "listenPort"
    | "requestBodyBufferLimitBytes"
    | "socketDirectory"
    | "xffNumTrustedHops"
  > {
  /** The secret value of `x-gate-unavailable`: whoever knows it can make the gateway repeat a request. */
  readonly gateToken: string;
}
