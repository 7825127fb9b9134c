/** A method for tests: it takes texts and answers with texts. */
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { envoy } from "../../gen/envoy.js";
import { bidirectional } from "../method.ts";

/** Of all messages there are this one has a text, and little else. */
const Text = envoy.config.core.v3.HeaderValue;
type Text = envoy.config.core.v3.HeaderValue;

export const TALK = bidirectional({ path: "/test.Test/Talk", request: Text, response: Text });

export type TalkCall = ServerDuplexStream<Text, Text>;

export function text(value: string): Text {
  return Text.create({ value });
}

/** Serves the method by a function that answers each text; the call ends when the client's end has come. */
export function answering(answer: (said: string) => Promise<string>) {
  return {
    method: TALK,
    handler: (call: TalkCall) => {
      let answered: Promise<unknown> = Promise.resolve();
      call.on("data", ({ value }: Text) => answered = answer(value).then((said) => call.write(text(said))));
      call.on("end", () => answered.then(() => call.end()));
      call.on("error", () => {});
    },
  };
}
