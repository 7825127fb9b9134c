import { generate } from "selfsigned";

export interface KeyPair {
  /** PEM */
  readonly certificate: string;
  /** PEM, PKCS #8 */
  readonly key: string;
}

export interface Certificates {
  /** PEM */
  readonly authority: string;
  /** Of the API server, and of the kubelet towards it. */
  readonly server: KeyPair;
  /** A client with all permissions. */
  readonly admin: KeyPair;
  /** What service accounts' tokens are signed with. */
  readonly tokens: KeyPair;
}

/** Makes certificates of a cluster whose API server is reached at these addresses. They are good for a year. */
export async function certificates(addresses: readonly string[]): Promise<Certificates> {
  const options = { keyType: "ec", algorithm: "sha256" } as const;
  const authority = await generate(name("test cluster"), {
    ...options,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const ca = { key: authority.private, cert: authority.cert };
  const signed = async (subject: Parameters<typeof generate>[0], usage: { serverAuth?: boolean }): Promise<KeyPair> => {
    const altNames = [
      ...["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"]
        .map((value) => ({ type: 2 as const, value })),
      ...addresses.map((ip) => ({ type: 7 as const, ip })),
    ];
    const { cert, private: key } = await generate(subject ?? [], {
      ...options,
      ca,
      extensions: [
        { name: "keyUsage", digitalSignature: true, critical: true },
        { name: "extKeyUsage", clientAuth: true, ...usage },
        ...usage.serverAuth ? [{ name: "subjectAltName" as const, altNames }] : [],
      ],
    });
    return { certificate: cert, key };
  };
  return {
    authority: authority.cert,
    server: await signed(name("kube-apiserver"), { serverAuth: true }),
    admin: await signed([{ name: "organizationName", value: "system:masters" }, ...name("admin")], {}),
    tokens: await signed(name("service accounts"), {}),
  };
}

function name(value: string) {
  return [{ name: "commonName", value }];
}
