//! The door as clients find it: real HTTP and WebSocket, a real chain and pool, blocks made by hand.

mod apps;
mod attacks;
mod blocks;
mod bodies;

mod calls;
mod development;
mod explorers;
mod limits;
mod logs;
mod market;
mod random;
mod simulations;
mod sockets;
mod stories;
mod submit;
mod traces;
