import { parseXML } from "@aws-sdk/xml-builder";
import { validate } from "@view-gateway/types";
import { isAmbiguousPrefix } from "../view/lake_path.ts";
import type { BucketsPage, FolderPage } from "../view/lake_page.ts";

/** S3 answers something that is no listing. The message has nothing of the answer. */
export class NoListingError extends Error {
  override readonly name = "NoListingError";
}

/**
 * The answer of ListObjectsV2 with `delimiter=/` and `encoding-type=url`. Names that no subset can have are left out.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 * @param prefix what was asked for: what is not below it is left out
 */
export function folderPage(xml: string, prefix: string): FolderPage {
  const result = parsed(xml, "ListBucketResult");
  const isBelow = (name: string | undefined): name is string =>
    name !== undefined && name !== prefix && name.startsWith(prefix);
  return {
    prefixes: list(result["CommonPrefixes"]).map((each) => unescaped(text(each, "Prefix")))
      .filter((name) => isBelow(name)).filter((name) => !isAmbiguousPrefix(name)),
    // A folder that a console has made is an empty object with the name of the prefix.
    objects: list(result["Contents"]).flatMap((each) => {
      const key = unescaped(text(each, "Key"));
      if (!isBelow(key)) return [];
      const [bytes, modifiedAt] = [Number(text(each, "Size")), Date.parse(text(each, "LastModified"))];
      if (!Number.isSafeInteger(bytes) || Number.isNaN(modifiedAt)) {
        throw new NoListingError("An object is not complete.");
      }
      return [{ key, bytes, modifiedAt: new Date(modifiedAt).toISOString() }];
    }),
    after: result["IsTruncated"] === "true" ? text(result, "NextContinuationToken") : undefined,
  };
}

/**
 * The answer of ListBuckets. Names that no subset can have are left out.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
 */
export function bucketsPage(xml: string): BucketsPage {
  const result = parsed(xml, "ListAllMyBucketsResult");
  const { ContinuationToken: after, Buckets: buckets = "" } = result;
  return {
    buckets: (isElement(buckets) ? list(buckets["Bucket"]) : []).map((each) => text(each, "Name"))
      .filter((bucket) => "value" in validate("Subset", { bucket })),
    after: typeof after === "string" && after !== "" ? after : undefined,
  };
}

/** S3's code of an error; undefined where the text has none. */
export function errorCode(xml: string): string | undefined {
  try {
    const code = text(parsed(xml, "Error"), "Code");
    return /^[A-Za-z0-9.]{1,100}$/.test(code) ? code : undefined;
  } catch (error) {
    if (error instanceof NoListingError) return undefined;
    throw error;
  }
}

type Element = Readonly<Record<string, unknown>>;

function parsed(xml: string, root: string): Element {
  let document: unknown;
  try {
    document = parseXML(xml);
  } catch {
    throw new NoListingError("The answer is not XML.");
  }
  const element = isElement(document) ? document[root] : undefined;
  if (!isElement(element)) throw new NoListingError(`The answer has no ${root}.`);
  return element;
}

function isElement(value: unknown): value is Element {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The parser has one element by itself, and several in an array. */
function list(value: unknown): readonly Element[] {
  const all = value === undefined || value === "" ? [] : Array.isArray(value) ? value : [value];
  if (!all.every(isElement)) throw new NoListingError("An element has no members.");
  return all;
}

function text(element: Element, name: string): string {
  const value = element[name];
  if (typeof value !== "string") throw new NoListingError(`An element has no ${name}.`);
  return value;
}

/** Undefined where it is not UTF-8: nobody can ask for such a name. S3 writes a space as a plus. */
function unescaped(name: string): string | undefined {
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
