/** Answers for all pods of a simulated node: `simulated_pods.ts PORT`. */
Deno.serve({
  hostname: "0.0.0.0",
  port: Number(Deno.args[0]),
  onListen: () => console.log("listening"),
}, () => new Response("A simulated pod.\n"));
