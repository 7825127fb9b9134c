import type { ViewState } from "../view/state.ts";
import type { Identity } from "./identity.ts";

/** The head of a request for a view's host. */
export interface OpeningHead {
  /** The view's name, as the host has it. */
  readonly name: string;
  /** Undefined where there is no such view: then the only question is whether the user is signed in. */
  readonly view: ViewState | undefined;
  readonly method: string;
  readonly headers: Pick<Headers, "get">;
  /** Whether a browser opens a page with it: see http/navigation.ts. */
  readonly navigation: boolean;
}

/** Why a request may not open a view. */
export type AccessDenial =
  /**
   * 401. The answer is the same for a view that does not exist: only signed-in users learn which do. `detail`: what is
   * wrong with the token, where the request has one.
   */
  | { readonly kind: "sign-in"; readonly view: string; readonly detail?: string }
  /** 403. `owner`: the user who may share the view, if known. */
  | { readonly kind: "forbidden"; readonly view: string; readonly user: string; readonly owner?: string }
  /** 403: another host's page uses the person's cookie. */
  | { readonly kind: "cross-site"; readonly view: string }
  /** 503: Kubernetes cannot say now who the user is, or whether they may. */
  | { readonly kind: "access-unknown"; readonly view: string; readonly message: string };

export type Opening =
  | {
    readonly kind: "open";
    /** Undefined for an anonymous request. */
    readonly identity: Identity | undefined;
    /** Envoy knows it by itself: it has verified a cookie of the view, which is older than any such cookie. */
    readonly byCookie?: true;
    /** The value of a Set-Cookie header for the answer. */
    readonly setCookie?: string;
    /** The Cookie header for the view, without the gateway's cookies; undefined where nothing is left. */
    readonly cookie: string | undefined;
    /** Whether the Authorization header is for the gateway, and must not reach the view. */
    readonly withoutAuthorization: boolean;
  }
  | { readonly kind: "denied"; readonly denial: AccessDenial };

export interface ViewOpening {
  /**
   * Whether the request may open the view.
   * @throws the signal's reason
   */
  mayOpen(head: OpeningHead, signal: AbortSignal): Promise<Opening>;
}
