//! One block: order, execute, commit, prove; genesis; schedule.
