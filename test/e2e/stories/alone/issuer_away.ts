import { expect, test } from "vitest";
import { pageOf, screenshot } from "../../client/browser.ts";
import { basePageOf, openSignInBrowser, openSigningIn, personsPage } from "../../client/issuer.ts";
import { core } from "../../cluster/cluster.ts";
import { ISSUER, scaleDeployment } from "../../cluster/deployment_scale.ts";
import { environment } from "../../environment.ts";
import { type Gateway, theSignInGateway } from "../../gateway/gateway.ts";
import { signalContainer } from "../../node/gateway_process.ts";
import { until } from "../../until.ts";

test.skipIf(!environment().direct)(
  "the issuer is away and the sidecars crash: who is in stays in, others see the cause, and sign in once it is back",
  { timeout: 180_000 },
  async () => {
    const gateway = await theSignInGateway();
    await using view = await gateway.create("issuer-away");
    await using browser = await openSignInBrowser(gateway);
    const ada = await personsPage(browser);
    await openSigningIn(ada, basePageOf(gateway), "ada");
    await ada.getByText("oidc:ada").first().waitFor();

    await scaleDeployment(ISSUER, 0);
    try {
      await Promise.all(gateway.replicas.map(({ pod }) => signalContainer(pod, "sidecar", "SIGKILL")));
      await untilReady(gateway);

      const page = await ada.goto(basePageOf(gateway));
      expect(page!.status()).toBe(200);
      await ada.getByText("oidc:ada").first().waitFor();
      // Programs notice nothing.
      expect((await view.whoami()).view).toBe(view.name);

      const ben = await personsPage(browser);
      await ben.goto(basePageOf(gateway));
      await ben.locator("a#issuer").click();
      await ben.waitForURL(/_auth\/login/);
      await ben.waitForLoadState();
      expect(await ben.locator("body").innerText()).toMatch(/the issuer http:\/\/provider\.sign-in\.localhost:8090 /);
      await screenshot(ben, "issuer-away");
      expect(new URL(ben.url()).hostname).toBe(gateway.baseHost);
    } finally {
      await scaleDeployment(ISSUER, 1);
    }
    const late = await personsPage(browser);
    await openSigningIn(late, pageOf(gateway, gateway.baseHost), "ben");
    await late.getByText("oidc:ben").first().waitFor();
  },
);

async function untilReady({ namespace, replicas }: Gateway): Promise<void> {
  for (const { pod } of replicas) {
    await until(`${pod} is ready`, async () => {
      const { status } = await core.readNamespacedPod({ namespace, name: pod });
      const sidecar = status?.initContainerStatuses?.find(({ name }) => name === "sidecar");
      return (sidecar?.restartCount ?? 0) > 0 && sidecar?.ready === true &&
        status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
    });
  }
}
