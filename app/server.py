"""The server under the application: uvicorn, with what rude clients need."""

import uvicorn
from fastapi import FastAPI

from app.connections import HTTP, raise_file_limit, websocket_protocol
from app.logs import set_up_logs
from app.main import create_app
from app.settings import Settings


def serve(host: str, port: int, settings: Settings) -> None:
    """Serve the playground until told to stop."""
    set_up_logs()
    raise_file_limit()
    app: FastAPI = create_app(settings)
    uvicorn.run(
        app,
        host=host,
        port=port,
        http=HTTP,
        ws=websocket_protocol(settings.socket_buffer_bytes),
        ws_max_size=2**16,  # a viewer says little
        ws_per_message_deflate=False,  # frames are noise to it, and it would cost the server dear
        timeout_graceful_shutdown=5,
        server_header=False,
        log_config=None,  # ours has been set up
        access_log=False,  # ours knows more
    )
