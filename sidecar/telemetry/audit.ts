import { logger } from "../logging.ts";
import type { Audit, AuditEntry } from "../access/audit_entry.ts";

const log = logger("audit");

/** Writes one line of the audit log. Only these members are written, whatever else the entry has. */
export function audit({ action, user, view, verb, by, reason }: AuditEntry): void {
  const known = Object.entries({ action, user, view, verb, by, reason }).filter(([, value]) => value !== undefined);
  log.info("{user}: {action}", Object.fromEntries(known));
}

/** Most sessions and views that one gateway remembers. The next open of a forgotten one is a line again. */
const REMEMBERED = 10_000;

/** Writes `opened` once per session and view. */
export class OpenedAudit {
  readonly #write: Audit;
  readonly #limit: number;
  /** The one that was opened last comes last. */
  readonly #seen = new Set<string>();

  constructor(write: Audit = audit, limit: number = REMEMBERED) {
    this.#write = write;
    this.#limit = limit;
  }

  /** @param session distinguishes a user's sessions, such as the time of the sign-in; no token, no cookie */
  opened(entry: Omit<AuditEntry, "action"> & { readonly view: string }, session: string): void {
    const key = JSON.stringify([entry.user, session, entry.view]);
    const isNew = !this.#seen.delete(key);
    this.#seen.add(key);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= this.#limit) break;
      this.#seen.delete(oldest);
    }
    if (isNew) this.#write({ ...entry, action: "opened" });
  }
}
