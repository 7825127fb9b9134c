import { events, level, of, rate, type Story } from "./alert_story.ts";
import { shareStories } from "./shares.ts";

const gateway = { namespace: "view-gateway" };
const podA = { ...gateway, pod: "a" };

const SECONDS_OF_A_DAY = 86_400;
const certificate = (days: number) => ({
  [of("view_gateway_certificate_seconds")]: level(60 * SECONDS_OF_A_DAY, days * SECONDS_OF_A_DAY),
  [of("view_gateway_certificate_seconds", {}, "b")]: level(60 * SECONDS_OF_A_DAY, 60 * SECONDS_OF_A_DAY),
});
const problems = of("view_gateway_certificate_problems");

/** Counters of reviews that nobody asks for. */
const idle = (name: string) =>
  Object.fromEntries(["asked", "stale", "failed"].map((outcome) => [of(name, { outcome }), rate(0, 0)]));

/** Stories of one kind of reviews, while there are none of the other kind. */
const reviews = (name: string, other: string) =>
  shareStories(name, ["stale", "failed"], { good: ["asked"], other: "cached", most: 5 })
    .map((story) => ({ ...story, series: { ...idle(other), ...idle(name), ...story.series } }));

/** About users, the lake and the certificate, by the alert's name and severity. */
export const ACCESS_STORIES: Readonly<Record<string, readonly Story[]>> = {
  "ViewGatewayIssuerFails page": [
    {
      what: "the issuer is away",
      series: {
        [of("view_gateway_issuer_asked_total", { outcome: "failed" })]: rate(0, 1),
        [of("view_gateway_issuer_asked_total", { outcome: "succeeded" })]: events(-20, 61),
      },
      fires: { from: 5, to: 61, labels: [podA] },
    },
    {
      what: "the issuer answers now and then",
      series: {
        [of("view_gateway_issuer_asked_total", { outcome: "failed" })]: rate(0, 1),
        [of("view_gateway_issuer_asked_total", { outcome: "succeeded" })]: rate(0, 0.5),
      },
    },
    {
      what: "nobody signs in at an issuer",
      series: {
        [of("view_gateway_issuer_asked_total", { outcome: "failed" })]: rate(0, 0),
        [of("view_gateway_issuer_asked_total", { outcome: "succeeded" })]: rate(0, 0),
      },
    },
  ],
  "ViewGatewayReviewsFail page": [
    ...reviews("view_gateway_access_reviews_total", "view_gateway_token_reviews_total"),
    ...reviews("view_gateway_token_reviews_total", "view_gateway_access_reviews_total"),
  ],
  "ViewGatewayCredentialsFail page": shareStories("view_gateway_assume_role_total", ["failed"], {
    good: ["succeeded"],
    other: "refused",
    most: 10,
  }),
  "ViewGatewayCertificateExpires warning": [
    {
      what: "one gateway's ends in 13.9 days",
      series: certificate(13.9),
      fires: { from: 10, to: 60, labels: [gateway] },
    },
    { what: "it ends in 14.1 days", series: certificate(14.1) },
  ],
  "ViewGatewayCertificateExpires page": [
    {
      what: "one gateway's ends in 23 hours",
      series: certificate(23 / 24),
      fires: { from: 10, to: 60, labels: [gateway] },
    },
    { what: "it ends in 25 hours", series: certificate(25 / 24) },
    { what: "it has ended", series: certificate(-1), fires: { from: 10, to: 60, labels: [gateway] } },
  ],
  "ViewGatewayCertificateUnusable warning": [
    {
      what: "the files have a problem",
      series: { [problems]: level(0, 1) },
      fires: { from: 5, to: 60, labels: [podA] },
    },
    { what: "they have one for 4 minutes, while somebody replaces them", series: { [problems]: level(0, 1, 4) } },
  ],
};
