import type { Config } from "@view-gateway/types";
import { WATCHED_LIMITS } from "../api/stream/progress_api.ts";
import { systemTime, type Time } from "../async/time.ts";
import type { EnvoySettings } from "../envoy/settings.ts";
import { type Sockets, socketsIn } from "../envoy/sockets.ts";
import { gateToken } from "../gate/gate_token.ts";
import { tracesOf } from "../traces/settings.ts";
import { tlsOf } from "../tls/settings.ts";
import { type Contact, contactOf } from "../page/contact.ts";
import { lakeOf, type LakeSettings } from "../lake/settings.ts";
import { type OidcSettings, oidcSettingsOf } from "../oidc/settings.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { VERSION } from "../version.ts";
import { requiredLabels } from "../view/selector.ts";

/** What every part of the sidecar is built from. */
export interface AppContext {
  readonly config: Config;
  readonly sockets: Sockets;
  /** Labels that the configured selector asks for. */
  readonly required: Readonly<Record<string, string>>;
  /** Undefined where no lake is configured. */
  readonly lake: LakeSettings | undefined;
  /** Undefined where nobody signs in at an issuer. */
  readonly oidc: OidcSettings | undefined;
  readonly envoy: EnvoySettings;
  /** Whom people ask; undefined where the configuration names nobody. */
  readonly contact: Contact | undefined;
  readonly metrics: Metrics;
  readonly time: Time;
  /** Aborts after the drain: everything that still waits ends. */
  readonly signal: AbortSignal;
}

export async function appContext(config: Config, signal: AbortSignal): Promise<AppContext> {
  const [lake, oidc] = [lakeOf(config), oidcSettingsOf(config)];
  const contact = contactOf(config.contact);
  const issuer = oidc && { url: oidc.issuer, address: oidc.address, caFile: oidc.caFile };
  return {
    config,
    sockets: socketsIn(config.socketDirectory),
    required: requiredLabels(config.viewSelector) ?? {},
    lake,
    oidc,
    envoy: {
      ...config,
      gateToken: await gateToken(config.socketDirectory),
      lake,
      issuer,
      tls: tlsOf(config),
      traces: tracesOf(config),
    },
    contact,
    metrics: metricsOf(config),
    time: systemTime,
    signal,
  };
}

function metricsOf({ heldInAll, heldBytesInAll, runningViews, existingViews }: Config): Metrics {
  const metrics = new Metrics();
  metrics.say({
    version: VERSION,
    startedAt: systemTime.now(),
    limits: {
      held: heldInAll,
      heldBytes: heldBytesInAll,
      openPages: WATCHED_LIMITS.total,
      running: runningViews,
      existing: existingViews,
    },
  });
  return metrics;
}
