"""The routes: HTTP and WebSockets, each a thin layer over the floors below."""
