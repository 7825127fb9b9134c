import type { ViewResource } from "@view-gateway/types";
import type { DetailsPage, ListPage } from "../console_page.ts";

/** A view that Alice owns, as the API shows it. */
export function shownView(name: string, change: Partial<ViewResource> = {}): ViewResource {
  return {
    ...{ name, subsets: [], owner: "oidc:alice", phase: "asleep", createdAt: "2026-01-01T10:00:00Z" },
    route: { hostname: `${name}.localhost`, url: `http://${name}.localhost:8080/` },
    effective: { idleSeconds: 900, maxLifetimeSeconds: 86_400 },
    ...change,
  };
}

/** Alice's list of these views. */
export function listPage(views: readonly ViewResource[], change: Partial<ListPage> = {}): ListPage {
  return {
    ...{ page: "list", views, total: views.length, query: {}, canCreate: true, mayAll: [] },
    ...{ now: "2026-01-01T12:00:00Z", origin: "http://localhost:8080" },
    visitor: { user: "oidc:alice", canSignOut: true },
    ...change,
  };
}

/** The page of Alice's view. */
export function detailsPage(
  name: string,
  view: Partial<ViewResource> = {},
  change: Partial<DetailsPage> = {},
): DetailsPage {
  return {
    ...{ page: "view", view: shownView(name, view), isPublic: false, etag: '"1"', manifest: "kind: Service\n" },
    may: { see: true, open: true, change: true, delete: true },
    ...{ now: "2026-01-01T12:00:00Z", origin: "http://localhost:8080" },
    visitor: { user: "oidc:alice", canSignOut: true },
    ...change,
  };
}
