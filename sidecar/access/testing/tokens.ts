/** A token with these claims that nobody has signed. */
export function tokenWith(claims: object): string {
  const part = (value: object) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
  return `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
