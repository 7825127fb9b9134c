/** What a user did, or was refused, for the audit log. It has no token and no cookie. */
export interface AuditEntry {
  readonly action: "created" | "changed" | "deleted" | "opened" | "denied" | "signed-in" | "signed-out";
  /** The name by which Kubernetes knows them. */
  readonly user: string;
  readonly view?: string | undefined;
  /** What they asked for. */
  readonly verb?: string | undefined;
  /** How they proved who they are, such as `token` or `oidc`. */
  readonly by?: string | undefined;
  /** Why they may, or may not. */
  readonly reason?: string | undefined;
}

/** Writes one line of the audit log. */
export type Audit = (entry: AuditEntry) => void;
