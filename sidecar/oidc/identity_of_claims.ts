import type { Identity } from "../access/identity.ts";
import { SignInError } from "./identity_provider.ts";
import type { ClaimSettings } from "./settings.ts";

/** What an issuer says of a person: https://openid.net/specs/openid-connect-core-1_0.html#Claims */
export type Claims = Readonly<Record<string, unknown>>;

/** More groups than that are no person's, and would fill the session's cookie many times over. */
const MAX_GROUPS = 1_000;

/** Kubernetes has no limit; a cookie and a header have one. */
const MAX_LENGTH = 256;

/**
 * Whom the claims describe, as Kubernetes' own OIDC authenticator would name them:
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server
 * @throws SignInError
 */
export function identityOf(claims: Claims, settings: ClaimSettings): Identity {
  const { prefix } = settings;
  const user = userOf(claims, settings.user);
  const groups = groupsOf(claims, settings.groups).map((group) => prefix + group);
  const email = emailOf(claims);
  return { user: prefix + user, ...email !== undefined && { email }, groups };
}

/** Whether the claims lack one of those that are configured, which UserInfo may have. */
export function lacksClaims(claims: Claims, { user, groups }: ClaimSettings): boolean {
  return claims[user] === undefined || claims[groups] === undefined && !hasOverage(claims, groups);
}

function userOf(claims: Claims, name: string): string {
  const claim = claims[name];
  if (claim === undefined || claim === null) {
    throw unusable(`The issuer says nothing of the claim ${name}, which OIDC_USER_CLAIM names as the user's name.`);
  }
  if (typeof claim !== "string") {
    throw unusable(`The issuer's claim ${name}, the user's name, is ${kindOf(claim)} and no text.`);
  }
  const user = claim;
  if (user === "") throw unusable(`The issuer's claim ${name}, the user's name, is empty.`);
  // Nothing is repaired: without its odd characters it may be another user's name.
  if (!isPlain(user)) {
    throw unusable(`The issuer's claim ${name}, the user's name, has control characters, or spaces around it.`);
  }
  if (user.length > MAX_LENGTH) {
    throw unusable(`The issuer's claim ${name}, the user's name, has more than ${MAX_LENGTH} characters.`);
  }
  // At some issuers people choose the address themselves.
  if (name === "email" && isUnverified(claims)) {
    throw unusable("The issuer has not verified the e-mail address, which OIDC_USER_CLAIM names as the user's name.");
  }
  return user;
}

/** Most issuers leave out the claim for a user without groups, so that is no mistake. */
function groupsOf(claims: Claims, name: string): readonly string[] {
  const claim = claims[name];
  if (hasOverage(claims, name)) {
    throw unusable(
      `The issuer leaves out the claim ${name}, since the user has too many groups for a token. ` +
        "Let the issuer tell this client only the groups that it needs.",
    );
  }
  if (claim === undefined || claim === null) return [];
  const groups = typeof claim === "string" ? [claim] : claim;
  if (!Array.isArray(groups)) {
    throw unusable(`The issuer's claim ${name}, the user's groups, is ${kindOf(claim)} and no list of texts.`);
  }
  const odd = groups.find((group) => typeof group !== "string");
  if (odd !== undefined) {
    throw unusable(`The issuer's claim ${name}, the user's groups, has ${kindOf(odd)} in its list of texts.`);
  }
  if (groups.length > MAX_GROUPS) {
    throw unusable(
      `The issuer's claim ${name} has ${groups.length} groups, more than ${MAX_GROUPS}. ` +
        "Let the issuer tell this client only the groups that it needs.",
    );
  }
  return [...new Set(groups.filter(isGroup))];
}

/**
 * A group with a comma would be two where groups are separated by commas, as in x-forwarded-groups. Without its odd
 * characters, or cut, a group would be another. Such groups are left out, which gives nobody a right.
 */
function isGroup(group: string): boolean {
  return group !== "" && group.length <= MAX_LENGTH && !group.includes(",") && isPlain(group);
}

/** Claims that are elsewhere: https://openid.net/specs/openid-connect-core-1_0.html#AggregatedDistributedClaims */
function hasOverage(claims: Claims, name: string): boolean {
  const elsewhere = claims._claim_names;
  return claims[name] === undefined && typeof elsewhere === "object" && elsewhere !== null &&
    Object.hasOwn(elsewhere, name);
}

/** Some issuers say it as a text. */
function isUnverified({ email_verified }: Claims): boolean {
  return email_verified === false || email_verified === "false";
}

function emailOf(claims: Claims): string | undefined {
  const { email } = claims;
  const usable = typeof email === "string" && email !== "" && email.length <= MAX_LENGTH && isPlain(email);
  return usable && !isUnverified(claims) ? email : undefined;
}

/** Without control characters, which have no place in a header, and without halves of characters, which have none in UTF-8. */
function isPlain(text: string): boolean {
  return text.isWellFormed() && text === text.trim() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function unusable(message: string): SignInError {
  return new SignInError("claims", message);
}
