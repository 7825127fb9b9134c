import type { V1Job } from "@kubernetes/client-node";

/** What a pod of a pool does wrong: how it takes its assignment, or that it ends before there is one. */
export type Oddity = "answers 409" | "answers 500" | "never answers" | "exits" | "exits before";

/** A view whose pods do well when they start for it, and not when they are to be assigned to it. */
const PROGRAM = `
  const [oddity, view] = [Deno.env.get("ODDITY"), Deno.env.get("VIEW_NAME")];
  if (oddity === "exits before" && !view) Deno.exit(3);
  Deno.serve({ hostname: "0.0.0.0", port: 8080 }, ({ method, url }) => {
    const { pathname } = new URL(url);
    if (method === "POST" && pathname.startsWith("/_gate/")) {
      if (oddity === "exits") Deno.exit(3);
      if (oddity === "never answers") return new Promise(() => {});
      return new Response("no", { status: Number(oddity.slice(-3)) });
    }
    if (pathname === "/healthz") return new Response("ok");
    return view ? Response.json({ view, pod: Deno.hostname() }) : new Response("no view", { status: 503 });
  });
`;

/** Changes the template of DuckDB, whose image has an interpreter. */
export const odd = (oddity: Oddity) => ({ spec }: V1Job): void => {
  const container = spec!.template.spec!.containers[0]!;
  container.command = ["/usr/local/bin/deno", "eval", "--no-config", PROGRAM];
  container.env = [{ name: "ODDITY", value: oddity }];
  container.resources = { requests: { cpu: "10m", memory: "64Mi" } };
};
