import { deepEqual } from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { API_ROUTES } from "../../sidecar/api/api_routes.ts";
import { openApiDocument } from "../../sidecar/api/description/openapi_document.ts";

Deno.test("the description of the API is a valid OpenAPI 3.1 document", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(openApiDocument(API_ROUTES))));
  deepEqual({ valid, errors, version: validator.version }, { valid: true, errors: undefined, version: "3.1" });
});

Deno.test("a document that is no OpenAPI 3.1 is found", async () => {
  const { valid } = await new Validator().validate({ ...structuredClone(openApiDocument(API_ROUTES)), paths: [] });
  deepEqual(valid, false);
});
