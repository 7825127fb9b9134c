/** The Debian packages that released images begin from: the C library, as distroless' `cc` has it. */
import type { Architecture } from "../compile/compile.ts";

export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression for what the package's files are under; its own file `copyright` has all of it. */
  readonly licence: string;
  readonly sha256: Readonly<Record<Architecture, string>>;
}

/** The release of Debian, as /etc/os-release tells it. */
export const DEBIAN_RELEASE = "12";

/**
 * `apt-cache show NAME` and, for the other architecture, `apt-cache show NAME:ARCHITECTURE` have versions and digests.
 * Raise them with each release: a security update of the C library comes into the images here.
 */
export const DEBIAN_PACKAGES: readonly PinnedPackage[] = [
  {
    name: "libc6",
    version: "2.36-9+deb12u14",
    licence: "LGPL-2.1-or-later",
    sha256: {
      amd64: "ba4f88f73dbc3ae9055f3c20f4523bfdbaf1ad13ff95e258924f77d20b4fbedf",
      arm64: "01f4330719fd4f65580e16ea5a0527f372fca750e8f588d26deaf09f2d3b1cf4",
    },
  },
  {
    name: "libgcc-s1",
    version: "12.2.0-14+deb12u1",
    licence: "GPL-3.0-or-later WITH GCC-exception-3.1",
    sha256: {
      amd64: "3016e62cb4b7cd8038822870601f5ed131befe942774d0f745622cc77d8a88f7",
      arm64: "576926b283613db80168ddf76380a3bd877602778cf0d226caa7bfbfa71eacf3",
    },
  },
  {
    name: "libstdc++6",
    version: "12.2.0-14+deb12u1",
    licence: "GPL-3.0-or-later WITH GCC-exception-3.1",
    sha256: {
      amd64: "5cd3171216d4ab0fc911cfe9c35509bf2dd8f47761c43b7f6a4296701551a24d",
      arm64: "26e138c677a985775331373828a6c286c551ff397cb735d00e2383cb273d1cb2",
    },
  },
];
