/** What a file of code defines, read from its syntax tree. Deno parses code for lint plugins, and in tests alone. */

export interface Definitions {
  readonly exports: readonly string[];
  /** Those that have a name; one without belongs to another, or is the whole file's. */
  readonly functions: readonly { readonly name: string; readonly lines: number }[];
  /** The text of each constructor. */
  readonly constructors: readonly string[];
}

type Named = { readonly name?: string } | null | undefined;

export function definitionsIn(path: string, text: string): Definitions {
  const exports: string[] = [];
  const functions: { name: string; lines: number }[] = [];
  const constructors: string[] = [];
  const textOf = ({ range: [from, to] }: Deno.lint.Node) => text.slice(from, to);
  const addFunction = (node: Deno.lint.Node, name: string | undefined) => {
    if (name !== undefined) functions.push({ name, lines: textOf(node).split("\n").length });
  };
  const rule: Deno.lint.Rule = {
    create: () => ({
      ExportNamedDeclaration({ declaration }) {
        if (declaration?.type === "VariableDeclaration") {
          for (const { id } of declaration.declarations) if ("name" in id) exports.push(id.name);
        } else if (declaration && "id" in declaration) {
          const { name } = declaration.id as Named ?? {};
          if (name !== undefined) exports.push(name);
        }
      },
      FunctionDeclaration: (node) => addFunction(node, node.id?.name ?? "default"),
      FunctionExpression: (node) => addFunction(node, nameOf(node.parent)),
      ArrowFunctionExpression: (node) => addFunction(node, nameOf(node.parent)),
      MethodDefinition(node) {
        if (node.kind === "constructor") constructors.push(textOf(node));
      },
    }),
  };
  // The parser goes by the name's ending.
  Deno.lint.runPlugin({ name: "definitions", rules: { all: rule } }, path, text);
  return { exports, functions, constructors };
}

/** Name of the method or variable that a function is the value of. */
function nameOf(parent: Deno.lint.Node): string | undefined {
  const { key, id } = parent as { readonly key?: Named; readonly id?: Named };
  return key?.name ?? id?.name;
}
