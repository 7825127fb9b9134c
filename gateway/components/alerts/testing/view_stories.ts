import { events, level, of, rate, type Story } from "./alert_story.ts";
import { share, shareStories } from "./shares.ts";

const gateway = { namespace: "view-gateway" };

const launches = (outcome: string) => of("view_gateway_launches_total", { outcome });
const failures = (owner: string, reason: string, pod = "a") =>
  of("view_gateway_start_failures_total", { owner, reason }, pod);
const pool = (state: string, pod = "a") => of("view_gateway_pool_pods", { state, template: "duckdb" }, pod);

/** Views of both phases at both gateways, and the limit of 1,000. */
const running = (calm: number, fault: number) =>
  Object.fromEntries(["a", "b"].flatMap((pod) => [
    [of("view_gateway_views", { phase: "awake" }, pod), level(calm, fault)],
    [of("view_gateway_views", { phase: "starting" }, pod), level(1, 1)],
    [of("view_gateway_views", { phase: "asleep" }, pod), level(90_000, 90_000)],
    [of("view_gateway_running_views_limit", {}, pod), level(1_000, 1_000)],
  ]));

/** About views and their pods, by the alert's name and severity. */
export const VIEW_STORIES: Readonly<Record<string, readonly Story[]>> = {
  "ViewGatewayStartsFail warning": [
    {
      what: "one start fails by its image",
      series: {
        [failures("platform", "ErrImagePull")]: events(1),
        [failures("platform", "ErrImagePull", "b")]: events(),
      },
      fires: { from: 1, to: 16, labels: [{ ...gateway, reason: "ErrImagePull" }] },
    },
    { what: "starts fail by their authors' mistakes", series: { [failures("view", "OOMKilled")]: rate(0, 5) } },
  ],
  "ViewGatewayStartsFail page": [
    {
      what: "three of ten starts fail",
      series: { [failures("platform", "Unschedulable")]: rate(0, 0.3), [launches("created")]: rate(1, 1) },
      // In the first minutes they are fewer than three.
      fires: { from: 13, to: 62, labels: [gateway] },
    },
    {
      what: "one of four fails",
      series: { [failures("platform", "Unschedulable")]: rate(0, 1), [launches("created")]: rate(4, 4) },
    },
    {
      what: "Kubernetes refuses the Job of one of four",
      series: {
        [failures("platform", "FailedCreate")]: rate(0, 1),
        [launches("failed")]: rate(0, 1),
        [launches("created")]: rate(3, 3),
      },
    },
    {
      what: "two of two fail",
      series: { [failures("platform", "Unschedulable")]: events(1, 4), [launches("created")]: events(1, 4) },
    },
  ],
  "ViewGatewayLaunchesFail page": shareStories("view_gateway_launches_total", ["unavailable", "late", "fault"], {
    good: ["created", "joined", "failed"],
    other: "busy",
    most: 5,
  }),
  "ViewGatewayClaimsRefused warning": [
    {
      what: "one claim is refused",
      series: { [of("view_gateway_claims_total", { outcome: "refused" })]: events(1) },
      fires: { from: 1, to: 16, labels: [gateway] },
    },
    { what: "claims are lost", series: { [of("view_gateway_claims_total", { outcome: "lost" })]: rate(0, 5) } },
  ],
  "ViewGatewayAssignmentsFail warning": [
    {
      what: "more than one in ten fails",
      series: share("view_gateway_assignments_total", "failed", "assigned", 12, 88),
      fires: { from: 15, to: 75, labels: [gateway] },
    },
    { what: "one in ten fails", series: share("view_gateway_assignments_total", "failed", "assigned", 10, 90) },
    {
      what: "one alone fails",
      series: {
        [of("view_gateway_assignments_total", { outcome: "failed" })]: events(1),
        [of("view_gateway_assignments_total", { outcome: "assigned" })]: events(),
      },
    },
  ],
  "ViewGatewayPoolLacksPods warning": [
    {
      what: "four of five are ready at most",
      series: {
        [pool("ready")]: level(5, 4),
        [pool("wanted")]: level(5, 5),
        [pool("ready", "b")]: level(5, 4),
        [pool("wanted", "b")]: level(5, 5),
      },
      fires: {
        from: 25,
        to: 60,
        labels: [{ ...gateway, template: "duckdb" }],
        says:
          "The pool of template duckdb of the gateways in namespace view-gateway has had at most 4 ready pods in the last 15 minutes, fewer than it should.",
      },
    },
    {
      what: "ninety of a hundred are ready",
      series: { [pool("ready")]: level(100, 90), [pool("wanted")]: level(100, 100) },
    },
    {
      what: "its pods are claimed, and it is complete every ten minutes",
      series: {
        [pool("ready")]: level(5, 0).map((value, i) => i % 20 === 0 ? 5 : value),
        [pool("wanted")]: level(5, 5),
      },
    },
    {
      what: "a new pool needs 9 minutes",
      series: {
        [pool("ready")]: level(undefined, 0, 9).map((value, i) => i >= 78 ? 5 : value),
        [pool("wanted")]: level(5, 5),
      },
    },
    {
      what: "the template has no pool any more",
      series: { [pool("ready")]: level(5, 0), [pool("wanted")]: level(5, 0) },
    },
  ],
  "ViewGatewayRenewalsFail page": shareStories("view_gateway_lease_renewals_total", ["refused", "unavailable"], {
    good: ["renewed"],
    other: "lost",
    most: 5,
  }),
  "ViewGatewayRunningViewsFull warning": [
    { what: "901 of 1,000 run", series: running(10, 900), fires: { from: 5, to: 60, labels: [gateway] } },
    { what: "900 run", series: running(10, 899) },
  ],
  "ViewGatewayRunningViewsFull page": [
    {
      what: "990 of 1,000 run",
      series: running(10, 989),
      fires: {
        from: 5,
        to: 60,
        labels: [gateway],
        says:
          "The views of the gateways in namespace view-gateway take 99% of RUNNING_VIEWS. Requests for other views get 503.",
      },
    },
    { what: "989 run", series: running(10, 988) },
  ],
};
