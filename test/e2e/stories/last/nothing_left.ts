import { expect, test } from "vitest";
import { theGateway, theOtherGateway, theSignInGateway } from "../../gateway/gateway.ts";
import { straysIn } from "../../outcome/strays.ts";
import { until } from "../../until.ts";

/** Pods that were told to end may take their grace period, and pools a moment to be filled again. */
const LIMIT = 45_000;

test.for(
  [
    ["most stories", theGateway],
    ["another base host", theOtherGateway],
    ["sign-ins", theSignInGateway],
  ] as const,
)(
  "after the stories each pod of the gateway of %s has its Job, each Job its view, and each pool its pods",
  async ([, find]) => {
    const { viewsNamespace } = await find();
    const strays = () => straysIn(viewsNamespace);
    await until("all is at rest", async () => (await strays()).length === 0, { within: LIMIT, every: 500 })
      .catch(() => undefined);
    expect(await strays()).toEqual([]);
  },
);
