// @ts-types="@types/oidc-provider"
import Provider, { interactionPolicy } from "oidc-provider";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { loginPage } from "./login_page.ts";
import { claimsOf, type People } from "./people.ts";
import type { ProviderSettings } from "./settings.ts";

const SCOPES = "openid profile email groups";

/** Of a form with a name and a password. */
const MAX_FORM_BYTES = 4096;

/** An OpenID Connect issuer with one client. What it knows of sessions is in its memory. */
export async function providerAnswers(
  settings: ProviderSettings,
  people: () => Promise<People>,
): Promise<RequestListener> {
  const provider = new Provider(settings.issuer, {
    clients: [{
      client_id: settings.clientId,
      client_secret: settings.clientSecret,
      redirect_uris: [...settings.redirectUris],
    }],
    scopes: SCOPES.split(" "),
    claims: {
      openid: ["sub"],
      profile: ["name", "preferred_username"],
      email: ["email", "email_verified"],
      groups: ["groups"],
    },
    // Most issuers say all of it in the ID token.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    jwks: { keys: [await signingKey()] },
    cookies: { keys: [crypto.randomUUID()] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}`, policy: policy() },
    renderError: (context, { error, error_description: description }) => {
      context.type = "text/plain";
      context.body = `${error}: ${description}\n`;
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 86_400, IdToken: 600, Interaction: 3_600, Session: 86_400 },
    findAccount: async (_context, user) => {
      const person = (await people())[user];
      return person && { accountId: user, claims: () => claimsOf(user, person) };
    },
    // Its one client is trusted: nobody is asked for consent.
    loadExistingGrant: async ({ oidc }) => {
      // A person whose account is gone has to sign in again: see policy().
      if (oidc.account === undefined) return undefined;
      const { Grant } = oidc.provider;
      const id = oidc.session?.grantIdFor(oidc.client!.clientId);
      const known = id === undefined ? undefined : await Grant.find(id);
      if (known !== undefined) return known;
      const grant = new Grant({ clientId: oidc.client!.clientId, accountId: oidc.account.accountId });
      grant.addOIDCScope(SCOPES);
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  return (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return answer(request, response);
    signIn(provider, people, request, response).catch((error) => {
      console.error(error);
      page(
        response,
        400,
        loginPage("", [], "This sign-in has expired. Go back to where you came from, and try again."),
      );
    });
  };
}

/** As usual. A person whose account is gone has to sign in again: a client that asks without a question gets `login_required`. */
function policy(): interactionPolicy.DefaultPolicy {
  const base = interactionPolicy.base();
  base.get("login")!.checks.add(
    new interactionPolicy.Check(
      "account_gone",
      "The account is gone",
      "login_required",
      ({ oidc }) => oidc.session?.accountId !== undefined && oidc.account === undefined,
    ),
  );
  return base;
}

async function signIn(
  provider: Provider,
  people: () => Promise<People>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  const [action, known] = [`/interaction/${uid}`, await people()];
  if (request.method !== "POST") return page(response, 200, loginPage(action, Object.keys(known)));
  const form = await formOf(request);
  const name = form.get("name")?.trim() ?? "";
  const person = Object.hasOwn(known, name) ? known[name] : undefined;
  if (person === undefined || form.get("password") !== person.password) {
    return page(response, 401, loginPage(action, Object.keys(known), "Name and password do not fit."));
  }
  const result = { login: { accountId: name } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) {
    text += part;
    if (text.length > MAX_FORM_BYTES) throw new Error("The form is too long.");
  }
  return new URLSearchParams(text);
}

function page(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(html);
}

/** New at each start: clients read the keys at the address in the discovery document. */
async function signingKey() {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  // `key_ops` says what the private key is for, and the public key has another use.
  const { key_ops: _, ext: __, ...jwk } = await crypto.subtle.exportKey("jwk", privateKey);
  return { ...jwk, use: "sig", alg: "RS256", kid: crypto.randomUUID() };
}
