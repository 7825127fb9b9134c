import type { KubeConfig } from "@kubernetes/client-node";
import type { Config } from "@view-gateway/types";
import { systemTime } from "../async/time.ts";
import { credentialsOf, loadKubeConfig } from "../kubernetes/credentials.ts";
import type { Environment } from "./config.ts";
import { gateToken } from "../gate/gate_token.ts";
import { baseProblems } from "../lake/base_credentials.ts";
import { clientSecret } from "../oidc/client_secret.ts";
import type { JudgedBy } from "../tls/certificate.ts";
import { judgeDirectory } from "../tls/certificate_files.ts";

/** What the sidecar needs at its start and does not find: a directory, files, a cluster, credentials. */
export async function preflightProblems(
  { socketDirectory, lakeRoleArn, authentication, oidcClientSecretFile, tlsDirectory, baseHost, http3 }: Partial<
    Config
  >,
  get: Environment,
  load: () => KubeConfig = loadKubeConfig,
  now: () => number = systemTime.now,
): Promise<readonly string[]> {
  const found = await Promise.all([
    socketDirectory === undefined
      ? []
      : problem(() => gateToken(socketDirectory), (message) =>
        `SOCKET_DIRECTORY must be a directory to write to, but is "${socketDirectory}": ${message}`),
    problem(async () => await credentialsOf(load()), (message) => `Kubernetes cannot be used: ${message}`),
    lakeRoleArn === undefined ? [] : baseProblems(get),
    !tlsDirectory || baseHost === undefined || http3 === undefined
      ? []
      : tlsProblems(tlsDirectory, { baseHost, http3, now: now() }),
    authentication !== "oidc" || oidcClientSecretFile === undefined
      ? []
      : problem(() => clientSecret(oidcClientSecretFile), (message) =>
        `OIDC_CLIENT_SECRET_FILE must be a file with the client's secret, but is "${oidcClientSecretFile}": ${message}`),
  ]);
  return found.flat();
}

/** Envoy would wait for a certificate that it cannot use, and clients would refuse the others. */
async function tlsProblems(directory: string, by: JudgedBy): Promise<readonly string[]> {
  const { problems } = await judgeDirectory(directory, by);
  return problems.map((found) => `TLS_DIRECTORY must have a certificate to use, but is "${directory}": ${found}`);
}

async function problem(attempt: () => Promise<unknown>, tell: (message: string) => string): Promise<readonly string[]> {
  try {
    await attempt();
    return [];
  } catch (error) {
    return [tell((error as Error).message)];
  }
}
