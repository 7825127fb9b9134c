/** Where the sidecar's image lets it read the client's secret. */
export const CLIENT_SECRET_DIRECTORY = "/etc/view-gateway/oidc";

/** The client's secret cannot be read. The message may be shown to operators, and ends a sentence. */
export class ClientSecretError extends Error {
  override readonly name = "ClientSecretError";
}

/**
 * The client's secret, without the line end that editors add.
 * @throws ClientSecretError
 */
export async function clientSecret(file: string): Promise<string> {
  const secret = (await read(file)).replace(/[\r\n]+$/, "");
  if (secret === "") throw new ClientSecretError("the file is empty");
  return secret;
}

async function read(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    const { name } = error as Error;
    // The permissions are fixed when the image is built.
    const lies = name === "NotCapable" ? `: the sidecar may read files below ${CLIENT_SECRET_DIRECTORY} only` : "";
    throw new ClientSecretError(`${name}${lies}`, { cause: error });
  }
}
