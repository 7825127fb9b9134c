import { codeBlocks } from "./code_blocks.ts";

/** The documents that are walked, in the order in which a reader comes to them. */
export const WALKED = ["README.md", "docs/INSTALL.md"];

/** One thing that a reader of a document does. */
export type WalkStep =
  /** Commands for a shell, as they stand in a block. */
  | { readonly kind: "run"; readonly script: string; readonly line: number }
  /** A kustomization that an operator writes beside gateway/base; a block that is a part of one is added to the least one. */
  | { readonly kind: "build overlay"; readonly kustomization: string; readonly line: number }
  /** A page of the demo that the text names. */
  | { readonly kind: "open"; readonly url: string; readonly line: number };

/**
 * What a reader does who follows a document from its first line to its last: the blocks in the language `sh`, the
 * kustomizations, and the demo's pages below `host` where the text behind a block names them.
 * @param host such as `localhost:8080`
 * @throws Error where a block is in a language that no reader could follow
 */
export function walkSteps(markdown: string, host: string): readonly WalkStep[] {
  const lines = markdown.split("\n");
  const blocks = codeBlocks(markdown);
  return blocks.flatMap((block, index) => {
    // The fence that ends a block is the line behind its text.
    const end = block.line + block.text.split("\n").length;
    const next = blocks[index + 1]?.line ?? lines.length + 1;
    return [...stepOf(block), ...pages(lines, end, next - 1, host)];
  });
}

/** What an overlay has at least. */
const OVERLAY = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../base
  - ../views
`;

/** A member of a kustomization that an operator adds to an overlay. */
const PART = /^(components|configMapGenerator|images|patches):$/;

function stepOf({ language, text, line }: ReturnType<typeof codeBlocks>[number]): readonly WalkStep[] {
  // A picture.
  if (language === "") return [];
  if (language === "sh") return [{ kind: "run", script: text, line }];
  if (language === "yaml" && /^kind: Kustomization$/m.test(text)) {
    return [{ kind: "build overlay", kustomization: text, line }];
  }
  if (language === "yaml" && text.match(/^\S.*$/gm)?.every((member) => PART.test(member))) {
    return [{ kind: "build overlay", kustomization: OVERLAY + text, line }];
  }
  // gateway/components/pod-monitor/scrape_config_test.ts tries it.
  if (language === "yaml" && text.startsWith("scrape_configs:\n")) return [];
  throw new Error(`Line ${line}: nobody can tell what a reader does with this ${language} block.`);
}

/** @param from the first line that counts, from 1 */
function pages(lines: readonly string[], from: number, to: number, host: string): readonly WalkStep[] {
  const pattern = new RegExp(String.raw`http://(?:[a-z0-9-]+\.)*${RegExp.escape(host)}/[^\s\`>)]*`, "g");
  return lines.slice(from - 1, to).flatMap((text, index) =>
    (text.match(pattern) ?? []).map((url) => ({ kind: "open" as const, url, line: from + index }))
  );
}
