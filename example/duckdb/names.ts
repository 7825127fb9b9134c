import type { Subset } from "./view.ts";

/** A name for the table of each subset: what its prefix says, or its bucket where there is no prefix. */
export function tableNames(subsets: readonly Subset[]): readonly string[] {
  const taken = new Set<string>();
  return subsets.map(({ bucket, prefix }) => {
    const words = (prefix || bucket).toLowerCase().normalize("NFKD").replaceAll(/[^a-z0-9]+/g, "_");
    const trimmed = words.replaceAll(/^_+|_+$/g, "") || "subset";
    const name = /^[0-9]/.test(trimmed) ? `t_${trimmed}` : trimmed;
    let unique = name;
    for (let count = 2; taken.has(unique); count++) unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}

/** An identifier in SQL; quoted, since a name may be a keyword. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An identifier as a person would write it: quoted where it must be. */
export function shownIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : identifier(name);
}

const reserved = new Set(
  ("all and any as asc case cast check column create default desc describe distinct do else end except false fetch " +
    "for foreign from grant group having in initially into lambda lateral leading limit not null offset on only or " +
    "order pivot placing primary qualify references returning select show some summarize symmetric table then to " +
    "trailing true union unique unpivot using variadic when where window with").split(" "),
);

/** A string in SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Where a subset is, for people and for DuckDB. */
export function location({ bucket, prefix }: Subset): string {
  return `s3://${bucket}/${prefix}`;
}

/** The Parquet files of a subset; a prefix may have characters that a pattern gives a meaning. */
export function pattern({ bucket, prefix }: Subset): string {
  return `s3://${bucket}/${prefix.replaceAll(/[*?[]/g, "[$&]")}**/*.parquet`;
}
