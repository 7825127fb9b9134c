/** Reads the last stage of the project's Dockerfiles, which only copies files and says how the image runs. */

export interface DockerfileCopy {
  /** The name of a stage; undefined for the context. */
  readonly stage: string | undefined;
  readonly from: string;
  readonly to: string;
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md */
export interface RunConfiguration {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly WorkingDir?: string;
  readonly ExposedPorts?: Readonly<Record<string, Readonly<Record<string, never>>>>;
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
}

export interface LastStage {
  /** Whether it begins from a C library; else it begins from nothing. */
  readonly hasBase: boolean;
  readonly copies: readonly DockerfileCopy[];
  readonly configuration: RunConfiguration;
}

/** @throws where the stage has an instruction that runs something, or one that is not known */
export function lastStage(dockerfile: string): LastStage {
  const lines = dockerfile.replace(/\\\n\s*/g, "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const [from, ...instructions] = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));
  const copies: DockerfileCopy[] = [];
  let configuration: RunConfiguration = {};
  for (const line of instructions) {
    const [, name, value] = /^(\w+) (.+)$/.exec(line) ?? [];
    if (name === "COPY") copies.push(copyOf(value!));
    else configuration = { ...configuration, ...setting(name, value ?? "", line) };
  }
  return { hasBase: from !== "FROM scratch", copies, configuration };
}

function copyOf(value: string): DockerfileCopy {
  const [, stage, from, to] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(value) ?? [];
  if (from === undefined) throw new Error(`The release does not understand: COPY ${value}`);
  return { stage, from, to: to! };
}

function setting(name: string | undefined, value: string, line: string): RunConfiguration {
  switch (name) {
    case "USER":
      return { User: value };
    case "WORKDIR":
      return { WorkingDir: value };
    case "EXPOSE":
      return { ExposedPorts: { [`${value}/tcp`]: {} } };
    case "ENV":
      return { Env: value.split(" ") };
    case "ENTRYPOINT":
      return { Entrypoint: JSON.parse(value) };
    case "CMD":
      return { Cmd: JSON.parse(value) };
    default:
      throw new Error(`The release does not understand: ${line}`);
  }
}
