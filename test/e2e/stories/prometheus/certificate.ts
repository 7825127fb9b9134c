import { generate } from "selfsigned";
import { expect, test } from "vitest";
import { core, ifThere } from "../../cluster/cluster.ts";
import { environment } from "../../environment.ts";
import { besideGateway, setVariables } from "../../gateway/deployment_beside.ts";
import { theSignInGateway, uniqueName } from "../../gateway/gateway.ts";
import { replicaBeside } from "../../gateway/own_replica.ts";
import { DASHBOARD_QUERIES, hasData, needsTls } from "../../prometheus/dashboard.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";

const BESIDE = "alerts-certificate";
const DIRECTORY = "/etc/view-gateway/tls";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const { signInNamespace: namespace, prometheus } = environment();
const secret = { namespace, name: uniqueName(BESIDE) };

test.skipIf(prometheus === undefined)(
  "a certificate with some hours left raises ViewGatewayCertificateExpires, and one of another key ViewGatewayCertificateUnusable, until there is a good one",
  { timeout: 300_000 },
  async () => {
    const { baseHost } = await theSignInGateway();
    const expiring = await certificateFor(baseHost, 12 * HOUR);
    const good = await certificateFor(baseHost, 90 * DAY);
    await using stack = new AsyncDisposableStack();
    stack.use(await scrapedGateway(namespace));
    stack.defer(async () => void await ifThere(core.deleteNamespacedSecret(secret)));
    const labels = { namespace };
    await fireAndResolve(
      [
        { alert: "ViewGatewayCertificateExpires", severity: "warning", labels },
        { alert: "ViewGatewayCertificateExpires", severity: "page", labels },
        { alert: "ViewGatewayCertificateUnusable", severity: "warning", labels },
      ],
      async () => {
        const body = { metadata: { name: secret.name }, type: "kubernetes.io/tls", data: expiring };
        await core.createNamespacedSecret({ namespace, body });
        // The gateway goes on with this certificate when it is renewed by one that it cannot use.
        stack.use(await terminatesTls());
        const { pod } = replicaBeside(await theSignInGateway(), BESIDE);
        await renew(pod, { ...good, "tls.key": expiring["tls.key"] });
        return { [Symbol.asyncDispose]: () => renew(pod, good) };
      },
    );
    // The dashboard's other queries have a story of their own.
    const queries = DASHBOARD_QUERIES.filter(needsTls);
    const answered = await Promise.all(queries.map((each) => hasData(each, namespace)));
    expect(answered).toEqual([true, true]);
  },
);

/** The members of a Secret of a certificate, as Kubernetes has them. */
interface CertificateData {
  readonly [member: string]: string;
  readonly "tls.crt": string;
  readonly "tls.key": string;
}

/** A certificate for a base host and its views. */
async function certificateFor(baseHost: string, milliseconds: number): Promise<CertificateData> {
  const altNames = [baseHost, `*.${baseHost}`].map((value) => ({ type: 2 as const, value }));
  const { cert, private: key } = await generate([{ name: "commonName", value: "gateway" }], {
    ...{ keyType: "ec", algorithm: "sha256" },
    notAfterDate: new Date(Date.now() + milliseconds),
    extensions: [{ name: "subjectAltName", altNames }],
  });
  const encoded = (text: string) => Buffer.from(text).toString("base64");
  return { "tls.crt": encoded(cert), "tls.key": encoded(key) };
}

/** A gateway with the certificate in the Secret, beside the others. */
function terminatesTls(): Promise<AsyncDisposable> {
  return besideGateway(namespace, BESIDE, (pod) => {
    setVariables(pod, { TLS_DIRECTORY: DIRECTORY });
    const mount = { name: "tls", mountPath: DIRECTORY, readOnly: true };
    for (const { volumeMounts } of [...pod.initContainers!, ...pod.containers]) volumeMounts!.push(mount);
    pod.volumes!.push({ name: "tls", secret: { secretName: secret.name, defaultMode: 0o440 } });
  });
}

/** Renews the certificate, as cert-manager does. A changed pod makes the kubelet look at its Secrets at once. */
async function renew(pod: string, data: CertificateData): Promise<void> {
  await core.patchNamespacedSecret({
    ...secret,
    body: [{ op: "replace", path: "/data", value: data }],
  });
  const annotation = { op: "add", path: "/metadata/annotations/e2e~1renewed", value: new Date().toISOString() };
  await core.patchNamespacedPod({ namespace, name: pod, body: [annotation] });
}
