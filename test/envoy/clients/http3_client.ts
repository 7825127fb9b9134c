import { askPython } from "../../lake/clients/python.ts";

const CLIENT = import.meta.resolve("./http3.py");

const PACKAGES = [
  ...["aioquic==1.7.2", "pylsqpack==1.0.0", "cryptography==50.0.2", "cffi==2.1.1", "pycparser==3.12"],
  ...["service-identity==26.1.0", "attrs==26.1.0", "pyopenssl==26.4.0", "typing-extensions==4.16.0"],
  "certifi==2026.10.19.post1",
];

export interface Http3Request {
  /** With `:authority`, and other pseudo-headers than those of a GET of `/`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of its body. */
  readonly bytes?: number;
}

export type Http3Answer =
  | { readonly error: string }
  | {
    readonly error?: undefined;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** Serial number of the certificate. */
    readonly serial: string;
    /** Whether the gateway offers WebSockets on the connection. */
    readonly extendedConnect: boolean;
    /** Of each ticket for another connection: the bytes that may come before that connection's handshake, or null. */
    readonly earlyData: readonly (number | null)[];
  };

export interface Http3Asked {
  readonly port: number;
  /** PEM: the authority that the client trusts. */
  readonly ca: string;
  /** The name that the certificate must have. */
  readonly name: string;
  /** Whether the requests of a connection are sent at once. Default: one after another. */
  readonly atOnce?: boolean;
  /** Seconds of silence after which the client gives a connection up. Default: 60. */
  readonly idleSeconds?: number;
  /** The requests of each connection. */
  readonly connections: readonly (readonly Http3Request[])[];
}

/** Sends requests over HTTP/3 to 127.0.0.1, by aioquic. */
export async function askOverHttp3(asked: Http3Asked): Promise<readonly (readonly Http3Answer[])[]> {
  return await askPython(CLIENT, PACKAGES, asked) as Http3Answer[][];
}
