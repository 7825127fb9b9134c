/** Which files import which, by their paths below a folder. Paths outside of it begin with `../`. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The imports between the files of a folder, without tests and `testing/`. */
export async function importGraph(folder: URL): Promise<ImportGraph> {
  const graph = new Map<string, readonly string[]>();
  for await (const file of filesIn(folder, "")) {
    graph.set(file, importsIn(await Deno.readTextFile(new URL(file, folder)), file));
  }
  return graph;
}

async function* filesIn(folder: URL, below: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(below || ".", folder))) {
    if (isDirectory && name !== "testing" && name !== "gen") yield* filesIn(folder, `${below}${name}/`);
    else if (/\.tsx?$/.test(name) && !/_test\.tsx?$/.test(name)) yield below + name;
  }
}

/** The files that a module imports, without packages. */
export function importsIn(text: string, file: string): readonly string[] {
  const names = [...text.matchAll(/(?:^import\s|^(?:import|export)\s[^;"]*?\sfrom\s|\bimport\()\s*"(\.[^"]+)"/gm)];
  return names.map(([, name]) => resolve(file, name!));
}

function resolve(file: string, name: string): string {
  // Deeper than any path here, so that a path out of the folder is recognized.
  const base = "/0/1/2/3/4/5/6/7/8/9/";
  const path = new URL(name, `file://${base}${file}`).pathname;
  return path.startsWith(base) ? path.slice(base.length) : `../${path}`;
}

/** Files that import each other in a circle, the first one twice; undefined when there are none. */
export function cycleIn(graph: ImportGraph): readonly string[] | undefined {
  const done = new Set<string>();
  const search = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const cycle = search(next, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = search(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** The folders and files that each folder or file may import. What is not listed may import all. */
export type Allowed = Readonly<Record<string, readonly string[]>>;

/** The imports that are not allowed, as `FILE → FILE`. */
export function forbidden(graph: ImportGraph, allowed: Allowed): readonly string[] {
  return [...graph].flatMap(([file, imports]) => {
    const from = partOf(file);
    const list = allowed[from];
    return imports.filter((to) =>
      partOf(to) === ".." || list !== undefined && partOf(to) !== from && !list.includes(partOf(to))
    ).map((to) => `${file} → ${to}`);
  });
}

/** The allowed imports that nothing uses, as `PART → PART`. */
export function unused(graph: ImportGraph, allowed: Allowed): readonly string[] {
  const used = new Set([...graph].flatMap(([file, imports]) => imports.map((to) => `${partOf(file)} → ${partOf(to)}`)));
  return Object.entries(allowed).flatMap(([from, list]) => list.map((to) => `${from} → ${to}`))
    .filter((edge) => !used.has(edge));
}

/** The folder of a file, or the file itself when it is in none. */
function partOf(file: string): string {
  return file.split("/")[0]!;
}
