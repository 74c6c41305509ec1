//! What people do with powers and fuel, told with public operations only.

#[path = "../world/mod.rs"]
mod world;

mod apps;
mod fuel;
mod grants;
mod quorums;
