import type { Page } from "../client/http_browser.ts";

/** What somebody opens, or the form that they send, to come nearer to a view. */
interface Step {
  readonly url: string;
  readonly form?: Readonly<Record<string, string>>;
}

/** How somebody signs in. */
export interface SignInWay {
  /** Who they are then. */
  readonly user: string;
  /** Where hosts are reached that are not the gateway's, by name and port. */
  readonly origins: Readonly<Record<string, string>>;
  /** What to do on a page; undefined where it asks for nothing. */
  step(page: Page): Step | undefined;
}

/** With the token of a service account. */
export function byToken(token: string): SignInWay {
  return {
    user: JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()).sub,
    origins: {},
    step: (page) =>
      isSignInPage(page)
        ? { url: `${page.url.origin}/_auth/token`, form: { ...Object.fromEntries(page.url.searchParams), token } }
        : undefined,
  };
}

/** The example's issuer. */
const ISSUER = "provider.sign-in.localhost:8090";

/** With a name that the example's issuer knows, which is reached at an origin. The name is the password, too. */
export function atIssuer(name: string, origin: string): SignInWay {
  return {
    user: `oidc:${name}`,
    origins: { [ISSUER]: origin },
    step: (page) => {
      if (isSignInPage(page)) return { url: `${page.url.origin}/_auth/login${page.url.search}` };
      const action = /<form method="post" action="([^"]+)"/.exec(page.text)?.[1];
      if (page.url.host !== ISSUER || action === undefined) return undefined;
      return { url: new URL(action, page.url).href, form: { name, password: name } };
    },
  };
}

/** Whether the gateway asks who somebody is. */
export function isSignInPage({ url }: Page): boolean {
  return url.pathname === "/_auth/";
}
