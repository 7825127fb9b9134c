import type { Writer } from "protobufjs/minimal.js";
import type { google } from "../gen/envoy.js";

/** A generated message class, as far as encoding goes. */
export interface MessageType<Message> {
  encode(message: Message): Writer;
  getTypeUrl(): string;
}

/** The message in an Any, e.g. `packAny(envoy.extensions.filters.http.router.v3.Router, {})`. */
export function packAny<Message>(type: MessageType<Message>, message: NoInfer<Message>): google.protobuf.IAny {
  return { typeUrl: type.getTypeUrl(), value: type.encode(message).finish() };
}

/** As `packAny`, beside the name that Envoy's extension points ask for. */
export function extension<Message>(name: string, type: MessageType<Message>, message: NoInfer<Message>) {
  return { name, typedConfig: packAny(type, message) };
}
