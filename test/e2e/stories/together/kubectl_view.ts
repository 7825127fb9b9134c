import { expect, test } from "vitest";
import { type CommandOutput, runKubectl } from "../../client/kubectl_view.ts";
import { localPort } from "../../client/local_port.ts";
import { type Gateway, theGateway, uniqueName } from "../../gateway/gateway.ts";
import { View } from "../../gateway/view.ts";
import { until } from "../../until.ts";

/** `kubectl view` for the gateway, at a port of this machine. */
async function plugin(gateway: Gateway) {
  const local = await localPort(gateway.origin);
  const place = { VIEW_GATEWAY: `http://localhost:${local.port}` };
  return {
    /** With a token that kubectl makes for a service account. */
    view: (...args: string[]) =>
      runKubectl(
        ["view", ...args, "--service-account=demo", `--namespace=${gateway.viewsNamespace}`],
        { ...place, VIEW_GATEWAY_TOKEN: "" },
      ),
    /** With a token of the environment, and with no cluster. */
    viewWithoutCluster: (...args: string[]) =>
      runKubectl(["view", ...args], { ...place, VIEW_GATEWAY_TOKEN: gateway.token, KUBECONFIG: "/dev/null" }),
    [Symbol.dispose]: () => local[Symbol.dispose](),
  };
}

const done = (out: string | RegExp): CommandOutput => ({
  ...{ status: 0, err: "" },
  out: typeof out === "string" ? out : expect.stringMatching(out),
});

test("a person creates, opens, understands, puts to sleep and deletes a view by kubectl view", async () => {
  const gateway = await theGateway();
  using kubectl = await plugin(gateway);
  const { view } = kubectl;
  await using made = new View(gateway, uniqueName("terminal"));
  const { name } = made;

  const created = await view("create", name, "--idle=60s", "--share-user=oidc:bob", "--wait", "--timeout=75s");

  expect(created).toEqual({
    status: 0,
    out: expect.stringContaining(`http://${name}.localhost`),
    err: `View ${name} is created.\n`,
  });
  expect((await made.ask({ path: "/whoami" })).status).toBe(200);
  /** Another replica may know of it a moment later. */
  const says = (words: RegExp, ...args: string[]) =>
    until(`\`kubectl view ${args.join(" ")}\` says ${words}`, async () => words.test((await view(...args)).out));
  await says(new RegExp(`^NAME .*\\n${name} +awake +<default> +.*demo `), "list", "-q", name);
  expect(await view("open", name, "--print-only")).toEqual(done(created.out));
  await says(
    / is awake \((cold|warm) start\)\.\nWithout traffic it falls asleep in .*\nLast start, .*:\n.* s {2}/s,
    "why",
    name,
  );
  expect(await view("sleep", name)).toEqual(done(`View ${name} goes to sleep.\n`));
  expect(await view("wait", name, "--for=asleep", "--timeout=75s")).toEqual(done(`${name} is asleep.\n`));
  expect(await kubectl.viewWithoutCluster("wake", name, "--wait", "--timeout=75s")).toEqual(done(/ is awake: http/));
  expect(await view("wait", name)).toMatchObject({ status: 0, out: expect.stringMatching(/ is awake/) });
  expect(await view("delete", name)).toEqual(done(`View ${name} is deleted.\n`));
  await until("each answer says that there is no such view", async () => {
    const { status, err } = await view("why", name);
    return status === 1 && err.includes(`There is no view ${name}.`);
  });
});

test("kubectl view says why a view cannot start, by its exit status, in words and with the Events", async () => {
  const gateway = await theGateway();
  using kubectl = await plugin(gateway);
  await using view = await gateway.create("no-image", { template: "no-image" });

  const woken = await kubectl.view("wake", view.name, "--wait", "--timeout=75s");

  expect(woken).toEqual({
    status: 3,
    out: "",
    err: expect.stringMatching(/cannot start.*\nSee more: kubectl view why /),
  });
  const why = await kubectl.view("why", view.name);
  expect(why.out).toMatch(/ has failed \((ErrImagePull|ImagePullBackOff)\)\.\n/);
  expect(why.out).toMatch(/\nWhat to do: Check the image's name in the template/);
  expect(why.out).toMatch(/\nEvents:\n.*Pod\/.*127\.0\.0\.1:1\/none/s);
});

test("kubectl finds the plugin without a warning, and the gateway refuses who is not known", async () => {
  const found = await runKubectl(["plugin", "list"]);
  expect(found.out).toMatch(/\/kubectl-view$/m);
  expect(`${found.out}${found.err}`).not.toMatch(/kubectl-view.*overshadowed|kubectl-view.*warning/i);
  using local = await localPort((await theGateway()).origin);
  const refused = await runKubectl(["view", "list"], {
    VIEW_GATEWAY: `localhost:${local.port}`,
    VIEW_GATEWAY_TOKEN: "",
  });
  expect(refused).toEqual({
    status: 1,
    out: "",
    err: expect.stringMatching(/^error: The gateway does not know who you are\./),
  });
});
