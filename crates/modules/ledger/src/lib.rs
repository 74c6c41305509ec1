//! Securities and cash, lots, positions and holds: the only place units move.
