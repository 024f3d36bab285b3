"""The routes: HTTP and WebSocket, each a thin layer over ``app.runs``."""
