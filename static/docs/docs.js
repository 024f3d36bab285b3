/** The page of the API: Swagger UI, with the schema that this server publishes. */

import { api } from "../shell/api.js";
import { readPage } from "../shell/page.js";
import { atRoot } from "../shell/root.js";

readPage(); // which says where the server is

window.SwaggerUIBundle({
  // This version of Swagger UI draws OpenAPI 3.1 well enough, but only if it is labelled as 3.0.
  spec: { ...(await api.schema()), openapi: "3.0.3", servers: [{ url: atRoot("/") }] },
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null, // does not send the schema to a validator on another host
});
