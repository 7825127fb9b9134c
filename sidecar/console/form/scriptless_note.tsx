interface ScriptlessNoteProps {
  readonly origin: string;
  readonly needsToken: boolean;
  /** The view to change; undefined to create one. */
  readonly name?: string;
}

/** How to go on in a browser without scripts. */
export function ScriptlessNote({ origin, needsToken, name }: ScriptlessNoteProps) {
  return (
    <noscript>
      <div class="warning">
        <p>This form needs JavaScript. Without it, {name === undefined ? "create" : "change"} a view in a terminal:</p>
        <pre tabIndex={0}><code>{curlCommand(origin, needsToken, name)}</code></pre>
        {name === undefined && (
          <p>
            Or use the plugin for kubectl: <code>kubectl view create sales-2025 --subset=lake/sales/2025/</code>
          </p>
        )}
      </div>
    </noscript>
  );
}

function curlCommand(origin: string, needsToken: boolean, name: string | undefined): string {
  const token = needsToken ? ` -H "Authorization: Bearer $TOKEN"` : "";
  return name === undefined
    ? `curl${token} -H 'Content-Type: application/json' \\\n` +
      `  ${origin}/_api/views -d '{"name": "sales-2025", "subsets": [{"bucket": "lake", "prefix": "sales/2025/"}]}'`
    : `curl -X PATCH${token} -H 'Content-Type: application/merge-patch+json' \\\n` +
      `  ${origin}/_api/views/${name} -d '{"idleSeconds": 300}'`;
}
