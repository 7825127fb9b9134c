import { byId, element } from "../../ui/elements.ts";
import { bytes, plural } from "../../ui/format.ts";
import { FileView } from "./file_view.ts";
import { fetchView, type LakeSubset, listParquetFiles } from "./lake.ts";
import type { Listed } from "./listing.ts";

const shown = byId("file");

/** The file whose name is in the page's address, so that it can be passed on and gone back to. */
function chosen(): string {
  return decodeURIComponent(location.hash.slice(1));
}

function addressOf({ bucket }: LakeSubset, { key }: Listed): string {
  return `${bucket}/${key}`;
}

interface Entry {
  readonly subset: LakeSubset;
  readonly object: Listed;
  readonly button: HTMLButtonElement;
}

function show(entries: readonly Entry[]): void {
  const entry = entries.find(({ subset, object }) => addressOf(subset, object) === chosen()) ?? entries[0];
  for (const { button } of entries) button.ariaCurrent = String(button === entry?.button);
  if (entry) shown.replaceChildren(new FileView(entry.subset.bucket, entry.object).element);
}

/** A subset with its files; those are added to `entries`. */
async function subsetCard(subset: LakeSubset, entries: Entry[]): Promise<HTMLElement> {
  const { bucket, prefix, access } = subset;
  const head = element(
    "div",
    { class: "head" },
    element("span", { class: "code" }, `${bucket}/${prefix}`),
    element("span", { class: `access ${access}` }, access),
  );
  try {
    const objects = await listParquetFiles(subset);
    const items = objects.map((object) => {
      const button = element(
        "button",
        { type: "button", click: () => location.hash = encodeURIComponent(addressOf(subset, object)) },
        element("span", { class: "code" }, object.key.slice(prefix.length)),
        element("span", { class: "size" }, bytes(object.size)),
      );
      entries.push({ subset, object, button });
      return element("li", {}, button);
    });
    return element("section", { class: "card subset" }, head, element("ul", { class: "files" }, ...items));
  } catch (error) {
    return element(
      "section",
      { class: "card subset" },
      head,
      element("p", { class: "trouble" }, (error as Error).message),
    );
  }
}

async function load(): Promise<void> {
  const files = byId("files");
  try {
    const { name, subsets } = await fetchView();
    document.title = `${name} – Parquet`;
    byId("view").textContent = name;
    const entries: Entry[] = [];
    const parts = subsets.map((): Entry[] => []);
    const cards = await Promise.all(subsets.map((subset, index) => subsetCard(subset, parts[index] ?? [])));
    entries.push(...parts.flat());
    files.replaceChildren(...cards);
    if (subsets.length === 0) files.replaceChildren(element("p", { class: "quiet" }, "This view has no subsets."));
    byId("files-title").textContent = plural(entries.length, "file");
    if (entries.length === 0) byId("empty").textContent = "There are no Parquet files to read.";
    addEventListener("hashchange", () => show(entries));
    show(entries);
  } catch (error) {
    files.replaceChildren(element("p", { class: "trouble" }, (error as Error).message));
  } finally {
    files.ariaBusy = null;
  }
}

await load();
