//! JSON-RPC over HTTP and WebSocket, metrics and health.
