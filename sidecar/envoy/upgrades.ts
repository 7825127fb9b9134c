import type { envoy } from "../gen/envoy.js";

/** The one protocol that a connection can be upgraded to. */
export const WEBSOCKET = "websocket";

/**
 * RFC 9110 7.8: a server may ignore an Upgrade and serve the request without it. Some clients offer one needlessly: Apache
 * HttpClient 5.4 offers TLS/1.2 with each GET. Envoy answers 403 to an unknown protocol unless a matcher fits it. RE2 has
 * no negation, so these patterns spell out what is not "websocket".
 */
export const IGNORED_UPGRADES: readonly envoy.type.matcher.v3.IStringMatcher[] = allBut(WEBSOCKET)
  .map((regex) => ({ safeRegex: { regex: `(?i)${regex}` } }));

/** Regular expressions for every text but this word. There are several, because Envoy limits the size of one. */
function allBut(word: string): readonly string[] {
  const others = [...word].map((letter, at) => `${word.slice(0, at)}([^${letter}].*)?`);
  return [...others, `${word}.+`];
}
