import { deepEqual, equal, throws } from "node:assert/strict";
import { ConfigError, configOf, variables } from "./config.ts";

const from = (environment: Record<string, string>) => configOf((name) => environment[name]);

Deno.test("given the namespace alone, everything else has its default", () => {
  const config = from({ NAMESPACE: "views" });
  equal(config.namespace, "views");
  equal(config.baseHost, "localhost");
  equal(config.holdSeconds, 120);
  equal(config.accessLog, true);
});

Deno.test("variables are read as their types", () => {
  const config = from({
    NAMESPACE: "views",
    HOLD_SECONDS: "7",
    ACCESS_LOG: "false",
    BASE_HOST: "",
    LOG_LEVEL: "debug",
  });
  deepEqual([config.holdSeconds, config.accessLog, config.baseHost, config.logLevel], [7, false, "localhost", "debug"]);
});

Deno.test("given several mistakes, each is named with its variable and value", () => {
  throws(
    () => from({ HOLD_SECONDS: "soon", LISTEN_PORT: "70000", BASE_HOST: "Views.Example", VIEW_SELECTOR: "a in (b)" }),
    (error: unknown) => {
      const problems = (error as ConfigError).problems;
      deepEqual(problems.map((problem) => problem.split(" ")[0]).sort(), [
        "BASE_HOST",
        "HOLD_SECONDS",
        "LISTEN_PORT",
        "NAMESPACE",
        "VIEW_SELECTOR",
      ]);
      equal(problems.find((problem) => problem.startsWith("NAMESPACE")), "NAMESPACE is missing");
      equal(problems.find((problem) => problem.startsWith("HOLD")), 'HOLD_SECONDS must be integer, but is "soon"');
      return error instanceof ConfigError;
    },
  );
});

Deno.test("every member can be set by a variable of its own", () => {
  equal(new Set(variables).size, variables.length);
  equal(variables.every((name) => /^[A-Z_]+$/.test(name)), true);
});
