/**
 * Text in a header is UTF-8 on the wire, as Envoy writes the claims of a token. To Deno a header's value is bytes, one
 * character each: https://fetch.spec.whatwg.org/#concept-header-value
 */
export function headerOfText(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

/** The text of a header's value. Bytes that are no UTF-8 become U+FFFD. */
export function textOfHeader(value: string): string {
  return new TextDecoder().decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
}
