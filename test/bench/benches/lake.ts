import { SignatureV4 } from "@smithy/signature-v4";
import { step } from "../../../scripts/process/step.ts";
import { LakeGateway } from "../../../sidecar/lake/testing/minio_lake.ts";
import type { SessionKeys } from "../../../sidecar/lake/session_credentials.ts";
import { Sha256 } from "../../../sidecar/lake/sha256.ts";
import { type HttpLoad, measureHttpLoad } from "../load/http_load.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Comparison, Figure } from "../report/comparison.ts";
import { staticRoute } from "../processes/static_route.ts";

const HOST = "bench.localhost";
const DIRECT = "direct_lake";

interface Object extends HttpLoad {
  readonly bytes: number;
}

const objects: readonly Object[] = [
  { protocol: "HTTP/1.1", path: "small.bin", size: "1 kB", bytes: 1_000, connections: 16, streams: 1 },
  { protocol: "HTTP/1.1", path: "large.bin", size: "16 MB", bytes: 16_000_000, connections: 4, streams: 1 },
];

export const lake: Bench = {
  name: "lake",
  title: "A view's page reads the lake",
  about:
    `A client reads objects of a MinIO on the same machine, below \`/_lake/\` on a view's hostname. The sidecar checks and
signs each request, and Envoy streams the body. The peer is the same Envoy and listener with a static route. It passes
presigned URLs of the same objects, with the view's own credentials, to MinIO.`,
  run,
};

async function run(context: BenchContext): Promise<Measured> {
  await using served = await LakeGateway.start(
    Object.fromEntries(objects.map(({ path, bytes }) => [`lake/sales/${path}`, new Uint8Array(bytes)])),
  );
  const { lake, gateway } = served;
  const view = lake.view("bench", [{ bucket: "lake", prefix: "sales/", access: "read" }]);
  const { keys } = await lake.credentials(view);
  const minio = Number(new URL(lake.minio.endpoint).port);
  await gateway.controlPlane.publish(staticRoute(DIRECT, minio, gateway.settings));
  const port = await gateway.envoy.port(DIRECT);

  const comparisons: Comparison[] = [];
  const figures: Figure[] = [];
  for (const object of objects) {
    const what = { ...object, path: `/_lake/lake/sales/${object.path}` };
    const peer = { name: "a presigned URL", port, path: await presigned(`/lake/sales/${object.path}`, keys) };
    const large = object === objects.at(-1);
    const found = await step(
      `lake: ${object.size}`,
      () =>
        measureHttpLoad(context, what, { ours: gateway.port, peer, envoy: gateway.envoy.pid }, {
          ...large && { rate: { be: "at least", ratio: 0.95 } },
        }),
    );
    comparisons.push(
      ...found.map((comparison) =>
        large && comparison.measure === "rate"
          ? { ...comparison, headline: `Objects of ${object.size} from the lake in a second` }
          : comparison
      ),
    );
    const p50 = found.find(({ measure }) => measure.startsWith("p50"))!;
    figures.push({
      ...{ what: object.size, measure: "added to the p50 of a presigned URL", unit: "ms" },
      values: p50.ours.map((ours, round) => ours - p50.peers[round]!),
      ...large ? {} : {
        ...{ goal: { be: "at most", value: 1 }, headline: "What the gateway adds to a small read from the lake" },
      },
    });
  }
  return { comparisons, figures };
}

/** Path and query of a URL that is good for an hour. */
async function presigned(path: string, keys: SessionKeys): Promise<string> {
  const signer = new SignatureV4({
    ...{ service: "s3", region: "us-east-1", credentials: keys, sha256: Sha256, uriEscapePath: false },
  });
  const headers = { host: HOST, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const request = { method: "GET", protocol: "http:", hostname: HOST, path, query: {}, headers };
  const { query = {} } = await signer.presign(request, { expiresIn: 3600 });
  return `${path}?${new URLSearchParams(query as Record<string, string>)}`;
}
