import type { CertificateFiles, JudgedBy, Judgement } from "./certificate.ts";
import { judge } from "./certificate.ts";
import { CERTIFICATE_DIRECTORY } from "./settings.ts";

/** How often files are read again that change meanwhile. */
const TRIES = 3;

/** Judges the certificate in a directory. A file that cannot be read is a problem too. */
export async function judgeDirectory(directory: string, by: JudgedBy): Promise<Judgement> {
  let problems: readonly string[] = [];
  const text = async (file: string) => {
    try {
      return await Deno.readTextFile(`${directory}/${file}`);
    } catch (error) {
      problems = [...problems, `${file} cannot be read: ${reasonOf(error as Error)}`];
      return "";
    }
  };
  let files: CertificateFiles | undefined;
  for (let i = 0; i < TRIES; i++) {
    problems = [];
    const before = files?.certificate ?? await text("tls.crt");
    files = { key: await text("tls.key"), certificate: await text("tls.crt") };
    // A renewal between two reads would give one file of each.
    if (before === files.certificate) break;
  }
  return problems.length > 0 ? { problems: [...new Set(problems)] } : judge(files!, by);
}

/** Deno's message names the path once more. */
function reasonOf(error: Error): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.NotCapable) return `the sidecar may read files below ${CERTIFICATE_DIRECTORY} only`;
  return error.name;
}
