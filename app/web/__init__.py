"""HTTP and WebSockets below the routes: what is true of every request."""
