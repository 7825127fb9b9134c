import type { EventOutcome } from "../kubernetes/write/event_writes.ts";
import { logger } from "../logging.ts";
import type { PoolWritten } from "../pool/pool_keeper.ts";
import type { PoolJobObject } from "../view/pool_objects.ts";
import type { PoolTrouble } from "../view/pool_steps.ts";

const log = logger("pool");

/** Logs a write of a pool's Job. What another gateway did first is no line. */
export function logPoolWritten({ step, outcome }: PoolWritten): void {
  const pool = step.kind === "create" ? step.name : step.job.name;
  switch (outcome.kind) {
    case "created":
      return log.info("Warm pool {pool} is created", { pool });
    case "renewed":
      return step.kind === "stop"
        ? log.info("Warm pool {pool} gets no more pods", { pool })
        : log.debug("The lease of warm pool {pool} is renewed", { pool });
    case "exists":
    case "lost":
      return;
    case "refused":
      return log.warn(`${CANNOT[step.kind]}: {detail}`, { pool, detail: outcome.cause.message });
    case "unavailable":
      return log.warn(`${CANNOT[step.kind]}: {detail}`, { pool, detail: outcome.message });
  }
}

const CANNOT = {
  create: "Warm pool {pool} cannot be created",
  renew: "The lease of warm pool {pool} cannot be renewed",
  stop: "Warm pool {pool}, whose pods keep ending, cannot be stopped",
} as const;

/** Logs that a pool lacks pods. */
export function logPoolTrouble({ job, stopped, cause }: PoolTrouble): void {
  const { template } = job;
  const values = { pool: job.name, template, reason: cause.reason, detail: cause.message };
  if (stopped) {
    log.warn("Views of template {template} start cold, as the pods of warm pool {pool} keep ending: {detail}", values);
  } else log.warn("Warm pool {pool} of template {template} lacks pods: {reason}: {detail}", values);
}

/** Logs that no Event could be written about a pool. */
export function logPoolEvent({ name }: PoolJobObject, outcome: EventOutcome): void {
  if (outcome.kind === "written") return;
  const detail = outcome.kind === "dropped"
    ? "there were too many lately"
    : outcome.kind === "refused"
    ? outcome.cause.message
    : outcome.message;
  log.warn("No Event tells of warm pool {pool}: {detail}", { pool: name, detail });
}
