// What the libraries that the page loads as plain scripts put into the window.

interface Plotly {
  react(element: HTMLElement, traces: object[], layout: object, config: object): void;
  purge(element: HTMLElement): void;
  relayout(element: HTMLElement, changes: object): Promise<HTMLElement>;
}

interface Window {
  Plotly: Plotly;
  SwaggerUIBundle(options: object): void;
}
