import type { DetailsPage } from "../console_page.ts";
import { CopyBlock } from "../page/copy_block.tsx";
import { getCommand, patchCommand } from "./curl_commands.ts";

/** Texts for terminals and programs. */
export function CopyPart({ page }: { readonly page: DetailsPage }) {
  const { view, may, manifest, tokenCommand } = page;
  return (
    <section aria-labelledby="copy">
      <h2 id="copy">For terminals and programs</h2>
      <h3>Address</h3>
      <CopyBlock label="The address" text={view.route.url} />
      <h3>Read it with curl</h3>
      <CopyBlock label="The command that reads it" text={getCommand(page)} />
      {may.change && view.effective !== undefined && (
        <>
          <h3>Change it with curl</h3>
          <CopyBlock label="The command that changes it" text={patchCommand(page)} />
        </>
      )}
      {tokenCommand !== undefined && (
        <p class="soft">
          <code>TOKEN</code> is a token for this gateway, such as that of <code>{tokenCommand}</code>.
        </p>
      )}
      <h3>Its Service for kubectl apply</h3>
      {manifest === undefined ? <NoManifest name={view.name} /> : <CopyBlock label="The manifest" text={manifest} />}
    </section>
  );
}

function NoManifest({ name }: { readonly name: string }) {
  return (
    <p>
      Its Service has no valid spec, or a port or selector of its own. <code>kubectl get service {name} -o yaml</code>
      {" "}
      shows it.
    </p>
  );
}
