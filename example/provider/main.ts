/** The example's issuer: an OpenID Connect provider with two people, for the demo and tests. */
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { PEOPLE, type People } from "./people.ts";
import { providerAnswers } from "./provider.ts";
import { providerSettings } from "./settings.ts";

const settings = providerSettings((variable) => Deno.env.get(variable));
const { hostname, port, issuer, peopleFile, tlsDirectory } = settings;

async function people(): Promise<People> {
  return peopleFile === undefined ? PEOPLE : JSON.parse(await Deno.readTextFile(peopleFile));
}

const answers = await providerAnswers(settings, people);
const server = tlsDirectory === undefined ? createServer(answers) : createTlsServer({
  cert: await Deno.readTextFile(join(tlsDirectory, "tls.crt")),
  key: await Deno.readTextFile(join(tlsDirectory, "tls.key")),
}, answers);
for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, () => Deno.exit(0));
server.listen(port, hostname, () => console.log(`The issuer ${issuer} listens on ${hostname}:${port}.`));
