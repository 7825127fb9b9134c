/** Who can sign in at the example's issuer. */
export interface Person {
  readonly name: string;
  readonly password: string;
  readonly groups: readonly string[];
}

/** By the user's name. The passwords are no secret. */
export type People = Readonly<Record<string, Person>>;

export const PEOPLE: People = {
  ada: { name: "Ada", password: "ada", groups: ["analysts"] },
  ben: { name: "Ben", password: "ben", groups: ["guests"] },
};

/** What the issuer says of a person. */
export function claimsOf(user: string, { name, groups }: Person) {
  return {
    sub: user,
    name,
    preferred_username: user,
    email: `${user}@example.com`,
    email_verified: true,
    groups: [...groups],
  };
}
