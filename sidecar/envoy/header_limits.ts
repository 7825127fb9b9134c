/** What the header of a request may have: Envoy's own limits. */
export const REQUEST_LIMITS = { fields: 100, kib: 60 };

/**
 * What the header of a view's answer may have. Browsers take 256 KiB; Envoy's own limits are 100 fields and 80 KiB. What
 * comes back through the gate has the same limits: see gateway/base/envoy.yaml.
 */
export const ANSWER_LIMITS = { fields: 1000, kib: 256 };
