import { deepEqual, equal, match } from "node:assert/strict";
import {
  DEFAULT_TARGET,
  type PodPort,
  type SelectingService,
  type ServiceTarget,
  shapeOf,
  targetMismatch,
  targetOf,
} from "./service_target.ts";

type Ports = SelectingService["ports"];

const service = (change: Partial<SelectingService> = {}): SelectingService => ({
  name: "hello",
  headless: true,
  selector: { "view.yolean.se/name": "hello" },
  ports: [{ name: "http", port: 80, targetPort: "http" }],
  ...change,
});
const target = (change: Partial<SelectingService>) => {
  const pointing = targetOf(service(change));
  return "target" in pointing ? pointing.target : undefined;
};
const problems = (change: Partial<SelectingService>) => {
  const pointing = targetOf(service(change));
  return "problems" in pointing ? pointing.problems.join(" ") : "";
};

Deno.test("all Services with the default port share one target", () => {
  equal(target({}), DEFAULT_TARGET);
  equal(target({ ports: [{ name: "http", port: 8080, targetPort: "http", protocol: "TCP" }] }), DEFAULT_TARGET);
});

Deno.test("a Service's only TCP port is the view's, whatever its name; among several it is the one named http", () => {
  const points = (...ports: Ports) => target({ ports })?.targetPort;
  equal(points({ port: 80, targetPort: "http" }), "http");
  equal(points({ port: 80, targetPort: 8080 }), 8080);
  equal(points({ port: 8080 }), 8080, "Kubernetes' own default of targetPort");
  equal(points({ name: "web", port: 80, targetPort: "page" }), "page");
  const metrics = { name: "metrics", port: 9090 };
  equal(points(metrics, { name: "http", port: 80, targetPort: "page" }), "page");
  equal(points({ name: "dns", port: 53, protocol: "UDP" }, { name: "web", port: 80 }), 80);
  match(
    problems({ ports: [metrics, { name: "web", port: 80 }] }),
    /has the ports metrics, web: give the one .* the name http/,
  );
  match(problems({ ports: [{ name: "http", port: 80, protocol: "UDP" }] }), /port has the protocol UDP: set it to TCP/);
  match(problems({ ports: [] }), /has no port: set spec.ports to \{name: http, port: 80, targetPort: http\}/);
});

Deno.test("further labels of a selector are kept, and all problems of a Service are reported together", () => {
  deepEqual(target({ selector: { "view.yolean.se/name": "hello", tier: "gold" } })?.labels, { tier: "gold" });
  const said = problems({ headless: false, selector: { tier: "gold" }, ports: [] });
  match(said, /not headless.* set spec.selector to view.yolean.se\/name: hello\. .*no port/);
});

Deno.test("a pod's ports are the TCP ports of its containers and sidecar containers", () => {
  const shape = shapeOf({ labels: { tier: "gold" } }, {
    containers: [{
      ports: [{ name: "http", containerPort: 8080 }, { name: "dns", containerPort: 53, protocol: "UDP" }],
    }],
    initContainers: [
      { restartPolicy: "Always", ports: [{ containerPort: 9090, protocol: "TCP" }] },
      { ports: [{ name: "once", containerPort: 1 }] },
    ],
  });
  deepEqual(shape, { labels: { tier: "gold" }, ports: [{ name: "http", number: 8080 }, { name: "", number: 9090 }] });
  deepEqual(shapeOf(undefined, undefined), { labels: {}, ports: [] });
});

const http: PodPort = { name: "http", number: 8080 };
const unfit = (change: Partial<ServiceTarget>, ports: readonly PodPort[] = [http], labels = {}) =>
  targetMismatch({ ...DEFAULT_TARGET, ...change }, { labels, ports }, "template default");

Deno.test("a port is found by its name, or by its number if it or no port is declared", () => {
  equal(unfit({}), undefined);
  equal(unfit({ targetPort: 8080 }), undefined);
  equal(unfit({ targetPort: 8080 }, []), undefined);
  deepEqual(unfit({ targetPort: "page" }), {
    reason: "InvalidSpec",
    message: "The Service's targetPort is page, and no container of template default has a TCP port of that name; " +
      "it declares http (8080). Set it to one of these.",
  });
  match(unfit({ targetPort: 80 })!.message, /targetPort is 80, which no container of template default declares/);
});

Deno.test("a template without the Services' target port is invalid", () => {
  const cause = unfit({}, [{ name: "web", number: 8080 }, { name: "", number: 9090 }])!;
  equal(cause.reason, "InvalidTemplate");
  match(
    cause.message,
    /No container of template default has a TCP port named http.*declares web \(8080\), 9090\. Give/,
  );
  match(unfit({}, [])!.message, /it declares no port/);
});

Deno.test("a label in the Service's selector must be on its pods", () => {
  const labels = { tier: "gold" };
  equal(unfit({ labels }, [http], { tier: "gold", other: "x" }), undefined);
  const cause = unfit({ labels }, [http], { tier: "silver" })!;
  equal(cause.reason, "InvalidSpec");
  match(cause.message, /selects pods with the label tier=gold, which template default does not set: remove it/);
});
