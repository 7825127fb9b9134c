import { join } from "node:path";
import type { CertificateFiles } from "../certificate.ts";

/**
 * A directory as the kubelet mounts a Secret. Its files are links through `..data` to a directory that is never changed. A
 * renewal makes another directory, and moves another `..data` into place.
 */
export class MountedSecret implements AsyncDisposable {
  readonly directory: string;
  #renewals = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async mount(pair: CertificateFiles): Promise<MountedSecret> {
    const secret = new MountedSecret(await Deno.makeTempDir({ prefix: "tls-" }));
    await secret.renew(pair);
    for (const file of ["tls.crt", "tls.key"]) await Deno.symlink(`..data/${file}`, join(secret.directory, file));
    return secret;
  }

  async renew({ certificate, key }: CertificateFiles): Promise<void> {
    const former = await Deno.readLink(join(this.directory, "..data")).catch(() => undefined);
    const name = `..${++this.#renewals}`;
    await Deno.mkdir(join(this.directory, name));
    await Deno.writeTextFile(join(this.directory, name, "tls.crt"), certificate);
    await Deno.writeTextFile(join(this.directory, name, "tls.key"), key);
    await Deno.symlink(name, join(this.directory, "..data_tmp"));
    await Deno.rename(join(this.directory, "..data_tmp"), join(this.directory, "..data"));
    if (former !== undefined) await Deno.remove(join(this.directory, former), { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.directory, { recursive: true });
  }
}
