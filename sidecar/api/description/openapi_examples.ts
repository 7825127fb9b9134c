import type {
  CreateView,
  LakeListing,
  Problem,
  PutView,
  TemplateList,
  ViewList,
  ViewPatch,
  ViewResource,
} from "@view-gateway/types";

const spec = {
  subsets: [{ bucket: "lake", prefix: "sales/2025/", access: "read" }],
  idleSeconds: 600,
} satisfies ViewPatch;

const view = {
  name: "sales-2025",
  ...spec,
  owner: "oidc:ada@example.com",
  route: { hostname: "sales-2025.views.example.com", url: "https://sales-2025.views.example.com/" },
  phase: "awake",
  start: "warm",
  effective: { idleSeconds: 600, maxLifetimeSeconds: 86400 },
  sleepsAt: "2026-01-01T08:10:00.000Z",
  lastRequestAt: "2026-01-01T08:00:00.000Z",
  createdAt: "2026-01-01T07:00:00Z",
} satisfies ViewResource;

const { start: _start, sleepsAt: _sleepsAt, lastRequestAt: _lastRequestAt, ...still } = view;

/** A view that has never been awake. */
export const NEW_VIEW_EXAMPLE: ViewResource = { ...still, phase: "asleep" };

/** A valid value of each schema that bodies and answers have. */
export const API_EXAMPLES = {
  CreateView: { name: "sales-2025", ...spec } satisfies CreateView,
  LakeListing: {
    bucket: "lake",
    prefix: "sales/",
    access: "read",
    prefixes: ["sales/2024/", "sales/2025/"],
    objects: [{ key: "sales/readme.txt", bytes: 512, modifiedAt: "2026-01-01T06:00:00.000Z" }],
  } satisfies LakeListing,
  Problem: {
    type: "urn:view-gateway:unknown-view",
    title: "Not Found",
    status: 404,
    detail: "There is no view sales-2026.",
    view: "sales-2026",
  } satisfies Problem,
  PutView: spec satisfies PutView,
  TemplateList: {
    items: [{ name: "default", description: "SQL over the subsets.", isDefault: true, warm: 3 }],
  } satisfies TemplateList,
  View: spec,
  ViewList: { items: [view], total: 2, next: "/_api/views?limit=1&after=sales-2025" } satisfies ViewList,
  ViewPatch: { idleSeconds: 300, access: { everyone: true }, template: null } satisfies ViewPatch,
  ViewResource: view,
};
