/** The API's own page: Swagger UI over the schema that this server publishes. */

window.SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null, // the schema is shown, and sent nowhere
});
