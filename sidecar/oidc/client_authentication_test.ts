import { deepEqual } from "node:assert/strict";
import { clientAuthentication } from "./client_authentication.ts";

/** What a request to the token endpoint says of the client. */
async function said(methods: readonly string[] | undefined, secret: string | undefined) {
  const clientSecretFile = secret === undefined ? undefined : await Deno.makeTempFile({ prefix: "client-secret-" });
  if (clientSecretFile !== undefined) await Deno.writeTextFile(clientSecretFile, `${secret}\n`);
  const issuer = {
    issuer: "https://issuer.example.com",
    ...methods && { token_endpoint_auth_methods_supported: [...methods] },
  };
  const [body, headers] = [new URLSearchParams(), new Headers()];
  await clientAuthentication({ clientSecretFile }, issuer)(issuer, { client_id: "gateway" }, body, headers);
  if (clientSecretFile !== undefined) await Deno.remove(clientSecretFile);
  return { ...Object.fromEntries(body), ...Object.fromEntries(headers) };
}

Deno.test("a client shows its secret as the issuer supports it, in a header where it can", async () => {
  const basic = { authorization: `Basic ${btoa("gateway:secret")}` };
  deepEqual(await said(undefined, "secret"), basic);
  deepEqual(await said(["client_secret_post", "client_secret_basic"], "secret"), basic);
  deepEqual(await said(["client_secret_post"], "secret"), { client_id: "gateway", client_secret: "secret" });
});

Deno.test("a public client says its name alone", async () => {
  deepEqual(await said(["none"], undefined), { client_id: "gateway" });
});
