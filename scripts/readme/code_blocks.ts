import { marked } from "marked";

/** A fenced block of a Markdown file. */
export interface CodeBlock {
  /** As it stands behind the fence, such as `sh`; empty where nothing does. */
  readonly language: string;
  readonly text: string;
  /** The line of the file that has its first line, from 1. */
  readonly line: number;
}

/** The fenced blocks of a Markdown text, in their order. Those inside of lists and quotations are not looked for. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let line = 1;
  for (const token of marked.lexer(markdown)) {
    if (token.type === "code" && token["codeBlockStyle"] !== "indented") {
      blocks.push({ language: token["lang"] ?? "", text: token["text"], line: line + 1 });
    }
    line += token.raw.split("\n").length - 1;
  }
  return blocks;
}
