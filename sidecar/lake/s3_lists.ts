import { DISCARD_ADDRESS } from "../envoy/discard_address.ts";
import { signedPrefix } from "../envoy/names.ts";
import { socketsIn } from "../envoy/sockets.ts";
import { socketClient } from "../http/socket_client.ts";
import { Body } from "../kubernetes/body.ts";
import type { ListedPlace } from "../view/lake_browsing.ts";
import { NoListingError } from "./s3_listing.ts";
import type { SessionCredentials } from "./session_credentials.ts";
import type { LakeSettings } from "./settings.ts";
import { signed } from "./signer.ts";

export interface S3ListsOptions {
  readonly settings: Pick<LakeSettings, "endpoint" | "region">;
  /** Of the sockets that Envoy and the sidecar share. */
  readonly socketDirectory: string;
  readonly gateToken: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What S3 lists: the keys below a place, or the buckets. */
export interface S3List {
  readonly place: ListedPlace | undefined;
  readonly after: string | undefined;
}

export interface S3ListAnswer {
  readonly status: number;
  readonly xml: string;
}

/** Most keys and prefixes, or buckets, on a page. */
const PAGE = 300;

/** Bytes of an answer. A page of the longest keys, each byte escaped, has about half as many. */
const MOST_BYTES = 4 << 20;

/** Sends signed lists to S3. Envoy passes them on, because the sidecar may not reach S3 itself. */
export class S3Lists {
  readonly #options: S3ListsOptions;
  readonly #client: Deno.HttpClient;

  constructor(options: S3ListsOptions) {
    this.#options = options;
    this.#client = socketClient(socketsIn(options.socketDirectory).startProbes);
  }

  /** @throws the signal's reason, NoListingError, or a TypeError where Envoy does not answer */
  async ask(list: S3List, credentials: SessionCredentials, signal: AbortSignal): Promise<S3ListAnswer> {
    const { settings, gateToken, now } = this.#options;
    const { target, headers } = await signed({ method: "GET", ...requestOf(list) }, credentials, settings, now());
    const response = await fetch(`http://${DISCARD_ADDRESS}${signedPrefix(gateToken)}${target.slice(1)}`, {
      client: this.#client,
      headers: { ...headers, "user-agent": "view-gateway" },
      redirect: "manual",
      signal,
    });
    return { status: response.status, xml: await boundedText(response, signal) };
  }

  close(): void {
    this.#client.close();
  }
}

/** The bucket's name is valid, so it is one segment of a path. All else is in the query, which `signed` encodes. */
function requestOf({ place, after }: S3List): {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
} {
  const further = after === undefined ? {} : { "continuation-token": after };
  if (place === undefined) return { path: "/", query: { "max-buckets": String(PAGE), ...further } };
  const { bucket, prefix } = place;
  const query = { "list-type": "2", delimiter: "/", "encoding-type": "url", "max-keys": String(PAGE), prefix };
  return { path: `/${bucket}`, query: { ...query, ...further } };
}

async function boundedText({ body }: Response, signal: AbortSignal): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const part of new Body(body, signal).parts()) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new NoListingError("The answer is too long.");
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
