/** The API's own page: Swagger UI over the schema that this server publishes. */

import { api } from "../shell/api.js";

window.SwaggerUIBundle({
  // This Swagger UI draws OpenAPI 3.1 well enough, and refuses it unless it is called 3.0.
  spec: { ...(await api.schema()), openapi: "3.0.3" },
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null, // the schema is shown, and sent nowhere
});
