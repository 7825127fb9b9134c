import { Authority } from "../../tls/testing/authority.ts";
import { MountedSecret } from "../../tls/testing/mounted_secret.ts";
import type { TlsSettings } from "../settings.ts";
import { Gateway, type GatewayOptions } from "./gateway.ts";

/** The base host of a gateway with TLS: many clients refuse a certificate for `*.localhost`. */
export const BASE_HOST = "views.test";

/** A gateway with TLS, whose certificate is a mounted Secret's. */
export class TlsGateway implements AsyncDisposable {
  readonly authority: Authority;
  readonly secret: MountedSecret;
  readonly gateway: Gateway;
  /** Of plain HTTP. */
  readonly redirectPort: number;
  /** Of HTTP/3. */
  readonly quicPort: number;

  private constructor(
    made: Pick<TlsGateway, "authority" | "secret" | "gateway" | "redirectPort" | "quicPort">,
  ) {
    this.authority = made.authority;
    this.secret = made.secret;
    this.gateway = made.gateway;
    this.redirectPort = made.redirectPort;
    this.quicPort = made.quicPort;
  }

  static async start({ settings, ...options }: GatewayOptions = {}, more: Partial<TlsSettings> = {}) {
    const authority = await Authority.make();
    const secret = await MountedSecret.mount(await authority.issue());
    const tls = {
      ...{
        directory: secret.directory,
        listenPort: 0,
        publicPort: 443,
        hstsSeconds: 3600,
        http3: { connections: 100 },
      },
      ...more,
    };
    const gateway = await Gateway.start({ ...options, settings: { baseHost: BASE_HOST, ...settings, tls } });
    return new TlsGateway({
      ...{ authority, secret, gateway },
      redirectPort: await gateway.envoy.port("redirect"),
      quicPort: tls.http3 !== undefined ? await gateway.envoy.port("public_quic") : 0,
    });
  }

  /** Of HTTP/1.1 and HTTP/2 over TLS. */
  get port(): number {
    return this.gateway.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.secret[Symbol.asyncDispose]();
  }
}
