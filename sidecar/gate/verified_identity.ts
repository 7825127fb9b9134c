import type { Identity } from "../access/identity.ts";
import { EMAIL_HEADER, GROUPS_HEADER, USER_HEADER, VIEW_HEADER } from "../envoy/names.ts";
import { textOfHeader } from "../http/header_text.ts";

/**
 * Whom Envoy has verified by a fresh cookie of this view; undefined where it has not. Envoy takes these headers from clients
 * before it sets its own.
 */
export function verifiedIdentity(headers: Pick<Headers, "get">, view: string): Identity | undefined {
  const user = text(headers, USER_HEADER);
  if (headers.get(VIEW_HEADER) !== view || user === "") return undefined;
  const [email, groups] = [text(headers, EMAIL_HEADER), text(headers, GROUPS_HEADER)];
  return { user, ...email !== "" && { email }, groups: groups === "" ? [] : groups.split(",") };
}

function text(headers: Pick<Headers, "get">, name: string): string {
  return textOfHeader(headers.get(name) ?? "");
}
