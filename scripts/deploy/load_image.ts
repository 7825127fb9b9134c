import { importIntoK3d } from "../cluster/k3d/k3d_images.ts";
import { runCommand } from "../process/command.ts";
import type { LoadImage } from "./deploy.ts";
import { MissingError } from "../needs/missing_error.ts";

/**
 * How a cluster that is not the project's own takes an image from a file, by its context's name.
 * @throws MissingError where it is not known
 */
export function loaderOf(context: string): LoadImage {
  const [, kind, name] = /^(k3d|kind)-(.+)$/.exec(context) ?? [];
  if (name !== undefined && kind === "k3d") {
    return (archive, signal) => importIntoK3d(name, archive, signal);
  }
  if (name !== undefined && kind === "kind") {
    return async (archive, signal) => {
      await runCommand("kind", ["load", "image-archive", archive, "--name", name], { signal });
    };
  }
  throw new MissingError(
    `Images cannot be loaded into cluster ${context}: only k3d's, kind's and the project's own clusters are known. ` +
      "Unset KUBECONFIG to run on the project's own.",
  );
}
